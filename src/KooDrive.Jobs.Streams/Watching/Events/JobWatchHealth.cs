namespace KooDrive.Jobs.Streams;

/// <summary>The health of a <see cref="JobWatch"/> at one moment. Times are in UTC, by the clock of the scheduler of the watch.</summary>
public sealed record JobWatchHealth
{
    /// <summary>The time of the last successful poll; null before the first success.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The number of consecutive failed polls; 0 after a success.</summary>
    public int ConsecutiveFailureCount { get; init; }

    /// <summary>The exception of the last poll; null when it succeeded.</summary>
    public Exception? LastException { get; init; }

    /// <summary>The time of the next poll; null during a poll and while the watch is idle because it has no subscribers.</summary>
    public DateTimeOffset? NextPollAt { get; init; }

    /// <summary>The number of polls started.</summary>
    public long PollCount { get; init; }

    /// <summary>The number of observers dropped because they threw.</summary>
    public long DroppedObserverCount { get; init; }
}
