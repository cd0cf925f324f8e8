using System.Globalization;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Reads the <c>Retry-After</c> header, in seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>
    /// Returns the requested delay; null without the header, zero for a date in the past. A date is compared with the <c>Date</c> of the response, if there is
    /// one, because the clock of this machine may be ahead.
    /// </summary>
    public static TimeSpan? From(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => NotNegative(date - (headers.Date ?? now)),
        _ => headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values) ? Longest(values) : null,
    };

    // Servers also send fractions, more than 32 bits and lists, which are not in the grammar of HTTP. Ignoring them would mean an immediate retry.
    // NaN is parsed too, regardless of the style, and is not 0 or more.
    private static TimeSpan? Longest(HeaderStringValues values)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        double longest = values
            .SelectMany(value => value.Split(','))
            .Select(text => double.TryParse(text, Style, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0 ? seconds : -1)
            .Max();
        return longest < 0 ? null : TimeSpan.FromSeconds(Math.Min(longest, int.MaxValue));
    }

    private static TimeSpan NotNegative(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
