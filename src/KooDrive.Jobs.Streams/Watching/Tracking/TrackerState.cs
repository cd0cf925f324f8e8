namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The state in a checkpoint, from which a watch detects the changes since the checkpoint.</summary>
internal sealed record TrackerState
{
    /// <summary>The type filter of the watch, which must be the same after a restart.</summary>
    public JobType? Type { get; init; }

    /// <summary>The unfinished jobs, and the jobs that await a second observation.</summary>
    public required IReadOnlyList<SavedJob> Unfinished { get; init; }

    /// <summary>The retained finished jobs among the newest jobs.</summary>
    public required IReadOnlyList<SavedJob> Finished { get; init; }

    /// <summary>The jobs that were unfinished when they were evicted.</summary>
    public IReadOnlyList<SavedJob> Evicted { get; init; } = [];

    /// <summary>The other newest jobs: see <see cref="RecentJobs"/>.</summary>
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

    /// <summary>The number of polls since the last full scan. Only in the checkpoint of a process that polls once, because it changes with every poll.</summary>
    public int PollsSinceFullScan { get; init; }
}
