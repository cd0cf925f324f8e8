namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The limits of a poll and of the tracked jobs. The caller has validated the values.</summary>
internal sealed record PollingOptions
{
    /// <summary>The type filter of every request; null for all types.</summary>
    public JobType? Type { get; init; }

    /// <summary>The limit of a request, 4 to 100 jobs.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>
    /// The maximum number of requests, 1 or more, after which a poll starts a full scan (<see cref="WatchGapReason.RequestsExhausted"/>), whose requests are not
    /// limited.
    /// </summary>
    public int MaxRequestsPerPoll { get; init; } = 100;

    /// <summary>The number of polls from one full scan to the next, 1 or more. Without unfinished jobs, the filtered lists are read instead.</summary>
    public int PollsPerFullScan { get; init; } = 360;

    /// <summary>The maximum number of retained finished jobs, 0 or more.</summary>
    public int MaxRetainedFinishedJobs { get; init; } = 1_000;

    /// <summary>The maximum number of tracked unfinished jobs, 1 or more; beyond it the oldest are evicted.</summary>
    public int MaxUnfinishedJobs { get; init; } = 10_000;

    /// <summary>
    /// The maximum time by which a job may become visible later than a job with the same or a newer creation time and still be published as added; and the
    /// maximum disorder of a list that counts as sorted.
    /// </summary>
    public TimeSpan LateMargin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The minimum limit of the first request of a poll, 2 or more. Half as many jobs are always remembered. 12 jobs have about 3 KB.
    /// </summary>
    public int MinTopLimit { get; init; } = 12;

    /// <summary>
    /// The number of consecutive completed polls, 1 or more, that must miss a job at its position before it counts as vanished, and that must observe a regression
    /// before it is published.
    /// </summary>
    public int ConfirmingPollCount { get; init; } = 2;
}
