namespace KooDrive.Jobs.Streams;

/// <summary>What a checkpoint keeps: enough to tell, after a restart, what changed in the meantime. Plain data.</summary>
internal sealed record TrackerState
{
    /// <summary>The type that the watch was restricted to; a checkpoint serves the same watch only.</summary>
    public JobType? Type { get; init; }

    /// <summary>The unfinished jobs.</summary>
    public required IReadOnlyList<KnownJob> Unfinished { get; init; }

    /// <summary>The retained finished jobs among the newest ones.</summary>
    public required IReadOnlyList<KnownJob> Finished { get; init; }

    /// <summary>The ids of the newest jobs, newest first: what the next poll recognises the head of the list by.</summary>
    public required IReadOnlyList<string> Frontier { get; init; }

    /// <summary>The index in <see cref="Frontier"/> from which on no job can have come in between since.</summary>
    public int FrontierSettledFrom { get; init; }

    /// <summary>When the youngest job ever seen was created; null when no job told.</summary>
    public DateTimeOffset? NewestTime { get; init; }
}
