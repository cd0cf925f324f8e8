namespace KooDrive.Jobs.Streams;

/// <summary>How a <see cref="JobWatch"/> is doing, at one moment. Times are in UTC, by the clock of the watch's scheduler.</summary>
public sealed record JobWatchHealth
{
    /// <summary>When a poll last succeeded; null when none has yet.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>How many polls have failed in a row; 0 when the last one succeeded.</summary>
    public int ConsecutiveFailures { get; init; }

    /// <summary>What the last poll failed of; null when it succeeded.</summary>
    public Exception? LastError { get; init; }

    /// <summary>When the next poll is due; null during a poll, and while the watch rests because nobody subscribes.</summary>
    public DateTimeOffset? NextPoll { get; init; }

    /// <summary>How many polls have begun.</summary>
    public long Polls { get; init; }

    /// <summary>How many observers were dropped because they threw.</summary>
    public long DroppedObservers { get; init; }
}
