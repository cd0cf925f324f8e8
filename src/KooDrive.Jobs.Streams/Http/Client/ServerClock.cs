using System.Globalization;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The time of the server: the wall clock, plus a correction that a request has confirmed. The server rejects an <c>X-Date</c> that is later than its own time or
/// more than 15 minutes older. Thread-safe.
/// </summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    // More than the error of a clock that was never set, and far from the limits of dates.
    private static readonly TimeSpan MaxCorrection = TimeSpan.FromDays(100 * 365);

    private volatile ClockCorrection? _correction;
    private FormattedDate? _formatted;

    /// <summary>Returns the time.</summary>
    public DateTimeOffset GetUtcNow() => GetUtcNow(_correction);

    /// <summary>Returns the time for <c>X-Date</c>: rounded down to the second, so never later than now.</summary>
    /// <param name="trial">A correction that is not confirmed yet; null for the confirmed correction.</param>
    public DateTimeOffset GetRequestDate(ClockCorrection? trial)
    {
        DateTimeOffset now = GetUtcNow(trial ?? _correction);
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>Returns the text of <c>X-Date</c>. The format <c>yyyyMMDD</c> of the API document means <c>yyyyMMdd</c>, as its examples show.</summary>
    public string Format(DateTimeOffset date)
    {
        // Many requests have the same date.
        FormattedDate? formatted = _formatted;
        if (formatted?.Date != date)
        {
            _formatted = formatted = new FormattedDate(date, date.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        }

        return formatted.Text;
    }

    /// <summary>Compares the date of a rejected request with the server's.</summary>
    /// <param name="requestDate">The <c>X-Date</c> of the rejected request.</param>
    /// <param name="serverDate">The <c>Date</c> of the response, if it has one.</param>
    /// <returns>
    /// The correction that would make the request's date valid; null if the clock does not explain the rejection. It may be wrong, because
    /// proxies also set <c>Date</c>: nothing is corrected before <see cref="Confirm"/>.
    /// </returns>
    public ClockCorrection? Explain(DateTimeOffset requestDate, DateTimeOffset? serverDate)
    {
        if (serverDate is not { } server || (requestDate <= server && server - requestDate <= Tolerance))
        {
            return null;
        }

        // Date is rounded down and slightly old when it is read here, so the corrected clock is slightly late, which the server accepts.
        var correction = ClockCorrection.Measure(server, timeProvider);
        return correction.Ahead.Duration() > MaxCorrection ? null : correction;
    }

    /// <summary>Applies a correction to all requests from now on, because the server accepted a request with it.</summary>
    public void Confirm(ClockCorrection correction) => _correction = correction;

    private DateTimeOffset GetUtcNow(ClockCorrection? correction)
    {
        DateTimeOffset now = timeProvider.GetUtcNow().ToUniversalTime();
        return correction?.IsCurrent(timeProvider) == true ? now + correction.Ahead : now;
    }

    private sealed record FormattedDate(DateTimeOffset Date, string Text);
}
