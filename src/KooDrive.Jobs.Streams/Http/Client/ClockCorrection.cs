namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The difference between the server's clock and the wall clock, valid until the wall clock is set.</summary>
/// <param name="Ahead">The time by which the clock of the server is ahead.</param>
/// <param name="MeasuredAt">The time of the measurement by the wall clock.</param>
/// <param name="Timestamp">The timestamp of the measurement by the monotonic clock.</param>
internal sealed record ClockCorrection(TimeSpan Ahead, DateTimeOffset MeasuredAt, long Timestamp)
{
    // Above the rate at which two clocks of one machine diverge, below any step that matters to the server.
    private static readonly TimeSpan MinStep = TimeSpan.FromSeconds(2);

    public static ClockCorrection Measure(DateTimeOffset serverTime, TimeProvider timeProvider)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        return new(serverTime - now, now, timeProvider.GetTimestamp());
    }

    /// <summary>
    /// Whether the wall clock has run like the monotonic clock since the measurement. If it has not, it was set, or the machine was
    /// suspended: the correction is then invalid.
    /// </summary>
    public bool IsCurrent(TimeProvider timeProvider) =>
        (timeProvider.GetUtcNow() - MeasuredAt - timeProvider.GetElapsedTime(Timestamp)).Duration() < MinStep;
}
