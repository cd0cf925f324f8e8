using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// The server's time as far as it is known: ours, until a refusal shows that the server's differs. The server takes no
/// <c>X-Date</c> that is later than its now or more than 15 minutes older. Safe for threads.
/// </summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    // Beyond what a clock that was never set is wrong by, and far from where dates end.
    private static readonly TimeSpan MostCorrection = TimeSpan.FromDays(100 * 365);

    private long _correctionTicks;
    private FormattedDate? _formatted;

    /// <summary>Now.</summary>
    public DateTimeOffset GetUtcNow() => timeProvider.GetUtcNow().ToUniversalTime().AddTicks(Volatile.Read(ref _correctionTicks));

    /// <summary>Now, as <c>X-Date</c> carries it: rounded down to the second, so never later than now.</summary>
    public DateTimeOffset GetRequestDate()
    {
        DateTimeOffset now = GetUtcNow();
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

    /// <summary>Compares the date of a refused request with the server's, and remembers the difference if that explains the refusal.</summary>
    /// <param name="requestDate">The refused request's <c>X-Date</c>.</param>
    /// <param name="serverDate">The <c>Date</c> of the answer, where it has one.</param>
    /// <returns>By how much the server's clock is ahead of ours; null when the clock does not explain the refusal.</returns>
    public TimeSpan? Correct(DateTimeOffset requestDate, DateTimeOffset? serverDate)
    {
        if (serverDate is not { } server || (requestDate <= server && server - requestDate <= Tolerance))
        {
            return null;
        }

        // The Date is a moment old when it is read here, and rounded down: the corrected clock runs a little behind, which is allowed.
        TimeSpan correction = server - timeProvider.GetUtcNow();
        if (correction.Duration() > MostCorrection)
        {
            return null;
        }

        Volatile.Write(ref _correctionTicks, correction.Ticks);
        return correction;
    }

    private sealed record FormattedDate(DateTimeOffset Date, string Text);
}
