namespace KooDrive.Jobs.Streams;

/// <summary>What a checkpoint keeps: enough to tell, after a restart, what changed in the meantime. Plain data.</summary>
internal sealed record TrackerState
{
    /// <summary>The type that the watch was restricted to; a checkpoint serves the same watch only.</summary>
    public JobType? Type { get; init; }

    /// <summary>The unfinished jobs.</summary>
    public required IReadOnlyList<KnownJob> Unfinished { get; init; }

    /// <summary>The newest jobs, newest first: what a later poll recognises the head of the list by.</summary>
    public required IReadOnlyList<KnownJob> Frontier { get; init; }

    /// <summary>Whether <see cref="Frontier"/> is the whole list, so that every other job is new.</summary>
    public bool FrontierIsWholeList { get; init; }
}
