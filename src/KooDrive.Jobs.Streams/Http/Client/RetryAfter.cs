using System.Globalization;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Reads the <c>Retry-After</c> header, in seconds or as a date.</summary>
internal static class RetryAfter
{
    // The clocks of a server and of this machine may differ by this much without one of them being wrong.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Returns the requested delay, the longest if there are several; null without a valid header, zero for a date in the past.</summary>
    public static TimeSpan? From(HttpResponseHeaders headers, DateTimeOffset now) => headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values)
        ? values.Max(value => Parse(value, headers.Date, now))
        : null;

    private static TimeSpan? Parse(string text, DateTimeOffset? serverDate, DateTimeOffset now) =>
        RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? value) ? value.Delta ?? DelayUntil(value.Date!.Value, serverDate, now) : Longest(text);

    // Servers also send fractions, more than 32 bits and lists, which are not in the grammar of HTTP. Ignoring them would mean an immediate retry.
    // TryParse accepts NaN with any style; the comparison with 0 rejects NaN.
    private static TimeSpan? Longest(string text)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        double longest = text.Split(',').Max(part => double.TryParse(part, Style, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0 ? seconds : -1);
        return longest < 0 ? null : TimeSpan.FromSeconds(Math.Min(longest, int.MaxValue));
    }

    // The clock of this machine may be wrong, and so may the Date of the response, which proxies set too. When the two disagree, the shorter delay is the plausible one.
    private static TimeSpan DelayUntil(DateTimeOffset date, DateTimeOffset? serverDate, DateTimeOffset now)
    {
        TimeSpan delay = NotNegative(date - now);
        if (serverDate is not { } serverNow)
        {
            return delay;
        }

        TimeSpan serverDelay = NotNegative(date - serverNow);
        bool areBothPlausible = (serverNow - now).Duration() <= ClockTolerance;
        return areBothPlausible || delay == TimeSpan.Zero || (serverDelay > TimeSpan.Zero && serverDelay < delay) ? serverDelay : delay;
    }

    private static TimeSpan NotNegative(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
