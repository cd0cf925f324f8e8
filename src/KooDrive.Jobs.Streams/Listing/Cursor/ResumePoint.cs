namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The position of a walk as data. See <see cref="ResumePointFormat"/>.</summary>
internal sealed record ResumePoint
{
    /// <summary>
    /// The maximum number of task ids in a resume point: more than two pages of the maximum size, so that the walk stays correct, and few enough that the
    /// text has about two kilobytes. Only lists without creation times, and lists with thousands of jobs of one second, need more than a few ids.
    /// </summary>
    public const int TaskIdLimit = 256;

    /// <summary>The maximum number of jobs at an unknown position: see <see cref="AnchorCursor"/>.</summary>
    public const int UnorderedLimit = 1_024;

    /// <summary>The maximum number of jobs in <see cref="Earlier"/>.</summary>
    public const int EarlierLimit = 8;

    /// <summary>The query of the walk.</summary>
    public required JobQuery Query { get; init; }

    /// <summary>The offset at which the walk continues.</summary>
    public required long Offset { get; init; }

    /// <summary>Whether a page was read.</summary>
    public bool HasStarted { get; init; }

    /// <summary>The creation time of the job yielded last, in ticks; null when the list is not sorted by creation time.</summary>
    public long? Time { get; init; }

    /// <summary>The jobs yielded last, in the order of the list: of a sorted list, those with the creation time <see cref="Time"/>.</summary>
    public IReadOnlyList<string> TaskIds { get; init; } = [];

    /// <summary>Jobs that were yielded and are listed at an unknown position.</summary>
    public IReadOnlyList<string> Unordered { get; init; } = [];

    /// <summary>Whether more jobs were yielded than <see cref="TaskIds"/> contains.</summary>
    public bool HasEvicted { get; init; }

    /// <summary>Whether jobs of the last tie group were yielded in another order than the server's.</summary>
    public bool IsGroupUnordered { get; init; }

    /// <summary>Whether a change of the order of a tie group was observed.</summary>
    public bool HasUnstableTies { get; init; }

    /// <summary>Whether the walk is inside a tie group that is larger than a page.</summary>
    public bool IsInLargeGroup { get; init; }

    /// <summary>
    /// Jobs of a sorted list that were yielded before the jobs with the creation time <see cref="Time"/>, the job yielded last first. A resumed walk recognizes
    /// its page by these jobs, so that it does not confuse it with a page of the same time elsewhere, in a list whose times step back. The text contains only
    /// as many of them as fit on a line.
    /// </summary>
    public IReadOnlyList<(string TaskId, long Time)> Earlier { get; init; } = [];

    /// <summary>The lowest offset at which a job of the large tie group was read.</summary>
    public long LargeGroupStart { get; init; }

    /// <summary>The number of readings of the large tie group since its last new job, while no change of its order was observed.</summary>
    public int LargeGroupReadings { get; init; }

    /// <summary>The number of all readings of the large tie group.</summary>
    public int LargeGroupAllReadings { get; init; }

    /// <summary>Whether there are more jobs at unknown positions than a resume point can contain, so that the walk cannot be resumed.</summary>
    public bool IsIncomplete { get; init; }

    public override string ToString() => ResumePointFormat.Write(this);
}
