namespace KooDrive.Jobs.Streams;

/// <summary>The kind of a <see cref="JobEvent"/>: one member for each type of event.</summary>
public enum JobEventKind
{
    /// <summary>A job of the initial snapshot: <see cref="JobListed"/>.</summary>
    Snapshot = 1,

    /// <summary>The end of the initial snapshot: <see cref="WatchSynced"/>.</summary>
    Synced = 2,

    /// <summary>A new job: <see cref="JobAdded"/>.</summary>
    Added = 3,

    /// <summary>A job with another status or result: <see cref="JobChanged"/>.</summary>
    Changed = 4,

    /// <summary>A job that is no longer listed: <see cref="JobVanished"/>.</summary>
    Vanished = 5,

    /// <summary>Changes that may have been missed: <see cref="WatchGap"/>.</summary>
    Gap = 6,

    /// <summary>A failed poll: <see cref="Streams.PollFailed"/>.</summary>
    PollFailed = 7,

    /// <summary>A completed poll: <see cref="Streams.PollCompleted"/>.</summary>
    PollCompleted = 8,
}
