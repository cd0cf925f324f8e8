namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>What one poll may cost and how much is remembered between polls. The caller has validated the values.</summary>
internal sealed record PollingOptions
{
    /// <summary>Only jobs of this type are watched, and every request says so; null for all.</summary>
    public JobType? Type { get; init; }

    /// <summary>The limit of a request, 4-100 jobs.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>
    /// The requests after which a poll that is no full pass gives up looking here and there, and reads the whole list instead
    /// (<see cref="WatchGapReason.RequestsExhausted"/>). A full pass takes what it takes. 1 or more.
    /// </summary>
    public int MaxRequestsPerPoll { get; init; } = 100;

    /// <summary>A full pass every so many polls, 1 or more, while jobs run; when none does, the filtered lists are read instead.</summary>
    public int PollsPerFullScan { get; init; } = 360;

    /// <summary>How many finished jobs are remembered, 0 or more.</summary>
    public int MaxRetainedFinishedJobs { get; init; } = 1_000;

    /// <summary>How many unfinished jobs are followed, 1 or more; beyond that the oldest are let go.</summary>
    public int MaxUnfinishedJobs { get; init; } = 10_000;

    /// <summary>
    /// How much later than a job of the same creation time, or of a newer one, a job may become visible and still be published as added; and the most by
    /// which a job may be newer than one before it in a list that counts as sorted.
    /// </summary>
    public TimeSpan LateMargin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a first page that says what it said at a poll that it changed nothing at is recognized at once. Without it polls come to the
    /// same, at a higher cost: for comparison.
    /// </summary>
    public bool RecognizesQuietPages { get; init; } = true;

    /// <summary>How many completed polls must have looked where a job must be, and not seen it, before it counts as vanished: absence is not evidence.</summary>
    public int MissesUntilVanished { get; init; } = 2;

    /// <summary>Whether a status that went back is published only after a second poll has observed it too; false only for comparison.</summary>
    public bool ConfirmsRegressions { get; init; } = true;
}
