namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>What a checkpoint keeps: enough to find out, after a restart, what changed in the meantime. Plain data.</summary>
internal sealed record TrackerState
{
    /// <summary>The type that the watch was restricted to; a checkpoint serves the same watch only.</summary>
    public JobType? Type { get; init; }

    /// <summary>The unfinished jobs, and those that await a second observation.</summary>
    public required IReadOnlyList<KnownJob> Unfinished { get; init; }

    /// <summary>The retained finished jobs among the newest ones.</summary>
    public required IReadOnlyList<KnownJob> Finished { get; init; }

    /// <summary>The jobs that were unfinished when they were evicted.</summary>
    public IReadOnlyList<KnownJob> Evicted { get; init; } = [];

    /// <summary>The other ones of the newest jobs: see <see cref="RecentJobs"/>.</summary>
    public required IReadOnlyList<RecentJob> Recent { get; init; }

    /// <summary>The newest creation time that the last poll read; null when there was none.</summary>
    public DateTimeOffset? NewestTime { get; init; }

    /// <summary>See <see cref="SettledTime.Settled"/>; null when no time is settled.</summary>
    public DateTimeOffset? SettledTime { get; init; }

    /// <summary>See <see cref="RecentJobs.Floor"/>; null when every job is above it.</summary>
    public DateTimeOffset? Floor { get; init; }

    /// <summary>See <see cref="RecentJobs.Disorder"/>, in seconds.</summary>
    public decimal Disorder { get; init; }

    /// <summary>Whether the list was not sorted by creation time.</summary>
    public bool IsUnsorted { get; init; }

    /// <summary>See <see cref="RecentJobs.IsWhole"/>.</summary>
    public bool IsWhole { get; init; }
}
