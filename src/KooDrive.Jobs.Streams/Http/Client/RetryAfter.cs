using System.Globalization;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary><c>Retry-After</c>, as seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>
    /// How long the server asks to wait; null when it does not ask. A date that has passed asks for no wait; it is told by the server's
    /// clock, where the answer shows that, since ours may be ahead and the wait too short.
    /// </summary>
    public static TimeSpan? From(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => Later(date - (headers.Date ?? now)),
        _ => headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values) ? Longest(values) : null,
    };

    // Not in the grammar of HTTP, but sent: fractions, more than 32 bits, a list. To ignore them would be to retry at once.
    private static TimeSpan? Longest(HeaderStringValues values)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        double longest = values
            .SelectMany(value => value.Split(','))
            .Select(text => double.TryParse(text, Style, CultureInfo.InvariantCulture, out var seconds) ? seconds : -1)
            .Max();
        return longest < 0 ? null : TimeSpan.FromSeconds(Math.Min(longest, int.MaxValue));
    }

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
