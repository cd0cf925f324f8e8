namespace KooDrive.Jobs.Streams;

/// <summary>Why a watch, or one subscriber of it, may have missed changes.</summary>
public enum WatchGapReason
{
    /// <summary>The list is no longer sorted by creation time, newest first. A full scan and <see cref="WatchSynced"/> follow.</summary>
    OrderChanged = 2,

    /// <summary>More happened than the requests allowed in one poll could read. A full pass and <see cref="WatchSynced"/> follow.</summary>
    RequestsExhausted = 3,

    /// <summary>There are more unfinished jobs than the watch may track; the oldest are no longer followed.</summary>
    TooManyUnfinished = 4,

    /// <summary>This subscriber's buffer was full, so events were left out for it alone. The retained jobs and <see cref="WatchSynced"/> follow.</summary>
    SlowSubscriber = 5,
}
