namespace KooDrive.Jobs.Streams;

/// <summary>The reason why a watch or one of its subscribers may have missed changes.</summary>
public enum WatchGapReason
{
    /// <summary>The list is no longer sorted by creation time, newest first. A full scan and <see cref="WatchSynced"/> follow.</summary>
    OrderChanged = 1,

    /// <summary>The poll reached its maximum number of requests. A full scan and <see cref="WatchSynced"/> follow.</summary>
    RequestsExhausted = 2,

    /// <summary>The number of unfinished jobs exceeds the maximum; the oldest jobs are no longer tracked.</summary>
    TooManyUnfinished = 3,

    /// <summary>The buffer of this subscriber was full, and events were dropped. The retained jobs and <see cref="WatchSynced"/> follow.</summary>
    SlowSubscriber = 4,
}
