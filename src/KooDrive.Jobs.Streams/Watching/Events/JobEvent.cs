namespace KooDrive.Jobs.Streams;

/// <summary>
/// Something that a <see cref="JobWatch"/> saw. A closed family: <see cref="JobListed"/>, <see cref="WatchSynced"/>,
/// <see cref="JobChange"/> (<see cref="JobAdded"/>, <see cref="JobChanged"/>, <see cref="JobVanished"/>), <see cref="WatchGap"/>,
/// <see cref="PollFailed"/> and <see cref="PollCompleted"/>. Immutable and safe to share between threads.
/// </summary>
public abstract record JobEvent
{
    private protected JobEvent()
    {
    }

    /// <summary>The number of the poll that saw it, from 1.</summary>
    public long Poll { get; init; }

    /// <summary>When it was seen, in UTC, by the clock of the watch's scheduler.</summary>
    public DateTimeOffset ObservedAt { get; init; }
}
