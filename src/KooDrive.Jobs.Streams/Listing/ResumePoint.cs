namespace KooDrive.Jobs.Streams;

/// <summary>Where a walk stands, as data: the offset of the last job yielded and the jobs yielded last. See <see cref="ResumePointFormat"/>.</summary>
/// <param name="Query">The query that was walked.</param>
/// <param name="Offset">The offset of the last job yielded; where to begin when there is none.</param>
/// <param name="TaskIds">The jobs yielded furthest down the list, in its order.</param>
/// <param name="HasForgotten">Whether earlier ones were let go.</param>
/// <param name="StartedAfresh">Whether the walk has read from the start again, which is right only as long as none is let go.</param>
internal sealed record ResumePoint(JobQuery Query, long Offset, IReadOnlyList<string> TaskIds, bool HasForgotten, bool StartedAfresh = false)
{
    /// <summary>
    /// The most task ids in a resume point: more than two of the largest pages, so that the walk stays right, and few enough that the text
    /// stays near two kilobytes.
    /// </summary>
    public const int TaskIdLimit = 256;

    public override string ToString() => ResumePointFormat.Write(this);
}
