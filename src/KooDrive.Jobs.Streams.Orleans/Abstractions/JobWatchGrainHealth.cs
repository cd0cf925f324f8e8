namespace KooDrive.Jobs.Streams;

/// <summary>The health of the watch of an account at one moment, since its start on the current silo. Times are in UTC.</summary>
[GenerateSerializer]
[Immutable]
[Alias("koodrive.job-watch-health")]
public sealed record JobWatchGrainHealth
{
    /// <summary>Whether the watch is started.</summary>
    [Id(0)]
    public bool IsStarted { get; init; }

    /// <summary>The silo of the watch, as text.</summary>
    [Id(1)]
    public string Silo { get; init; } = "";

    /// <summary>The time of the last successful poll; null before the first success.</summary>
    [Id(2)]
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The time of the next poll; null during a poll and while the watch does not poll.</summary>
    [Id(3)]
    public DateTimeOffset? NextPollAt { get; init; }

    /// <summary>The number of polls started.</summary>
    [Id(4)]
    public long PollCount { get; init; }

    /// <summary>The number of consecutive failed polls; 0 after a success.</summary>
    [Id(5)]
    public int ConsecutiveFailureCount { get; init; }

    /// <summary>
    /// The last error of the polls, of the sink, or of the watch as a whole; null when the last attempt succeeded. The message of a <see cref="JobsException"/>, and
    /// the type alone of any other exception, whose message may contain a secret.
    /// </summary>
    [Id(6)]
    public string? LastError { get; init; }
}
