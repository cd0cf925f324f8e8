using System.Globalization;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The server's time as far as it is known: the wall clock, plus a correction that a request has shown to be right. The server rejects
/// an <c>X-Date</c> that is later than its own time or more than 15 minutes older. Thread-safe.
/// </summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    // Beyond what a clock that was never set is wrong by, and far from where dates end.
    private static readonly TimeSpan MaxCorrection = TimeSpan.FromDays(100 * 365);

    private volatile ClockCorrection? _correction;
    private FormattedDate? _formatted;

    /// <summary>Now.</summary>
    public DateTimeOffset GetUtcNow() => GetUtcNow(_correction);

    /// <summary>Now, as <c>X-Date</c> carries it: rounded down to the second, so never later than now.</summary>
    /// <param name="trial">A correction that is not known to be right; null for the known one.</param>
    public DateTimeOffset GetRequestDate(ClockCorrection? trial)
    {
        DateTimeOffset now = GetUtcNow(trial ?? _correction);
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>The text of <c>X-Date</c>. The document's <c>yyyyMMDD</c> means <c>yyyyMMdd</c>, as its examples show.</summary>
    public string Format(DateTimeOffset date)
    {
        // Many requests fall into one second.
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

        // The Date is a moment old when it is read here, and rounded down: the corrected clock runs a little behind, which is allowed.
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
