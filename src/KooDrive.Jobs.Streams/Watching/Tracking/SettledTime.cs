namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// The creation time up to which no further job is expected to become visible. A job may become visible late, but at most a margin after the observation of a job
/// with the same or a newer creation time. All times of jobs are in ticks. Immutable.
/// </summary>
/// <param name="Newest">The newest creation time that the last poll read; <see cref="long.MinValue"/> when there was none.</param>
/// <param name="Settled">The time that is settled; <see cref="long.MinValue"/> when none is.</param>
internal sealed record SettledTime(long Newest, long Settled)
{
    /// <summary>The state before the first poll.</summary>
    public static SettledTime None { get; } = new(long.MinValue, long.MinValue);

    // Settled when a whole poll has started a margin after its observation. One candidate is enough: the next starts when this one has settled.
    private long? Candidate { get; init; }

    private DateTimeOffset CandidateAt { get; init; }

    private DateTimeOffset LastPollAt { get; init; }

    /// <summary>Whether time alone settles nothing more.</summary>
    public bool IsFinal => Candidate is null;

    /// <summary>The state after a completed poll.</summary>
    /// <param name="newest">The newest creation time that the poll read.</param>
    /// <param name="observedAt">When the poll ended, by the clock of the watch. The next poll starts later.</param>
    /// <param name="margin">The margin.</param>
    public SettledTime Next(long newest, DateTimeOffset observedAt, TimeSpan margin)
    {
        // By the clock of the server: an older job would be committed later than the margin allows.
        long settled = newest < long.MinValue + margin.Ticks ? long.MinValue : newest - margin.Ticks;
        settled = Math.Max(settled, Settled);
        long? candidate = Candidate;
        if (candidate is { } time && LastPollAt - CandidateAt >= margin)
        {
            settled = Math.Max(settled, time);
            candidate = null;
        }

        return new SettledTime(newest, settled)
        {
            Candidate = candidate ?? (newest > settled ? newest : null),
            CandidateAt = candidate is null ? observedAt : CandidateAt,
            LastPollAt = observedAt,
        };
    }
}
