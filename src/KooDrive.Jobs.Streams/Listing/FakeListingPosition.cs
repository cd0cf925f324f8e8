using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Listing;

/// <summary>How far a <see cref="FakeJobListing"/> has been read.</summary>
internal sealed class FakeListingPosition
{
    private long _jobs;

    /// <summary>Stands behind the page read last; before the first, at the start.</summary>
    public string ResumePoint { get; private set; } = Write(0, []);

    /// <summary>Goes on behind a page.</summary>
    /// <returns>The page, with a resume point if it had none.</returns>
    public JobPage MoveAfter(JobPage page)
    {
        _jobs += page.Jobs.Count;
        ResumePoint = page.ResumePoint ?? Write(_jobs - 1, [.. page.Jobs.TakeLast(Cursor.ResumePoint.TaskIdLimit).Select(job => job.TaskId)]);
        return page.ResumePoint is not null ? page : new JobPage
        {
            Jobs = page.Jobs,
            Offset = page.Offset,
            Limit = page.Limit,
            RequestId = page.RequestId,
            TraceId = page.TraceId,
            ResumePoint = ResumePoint,
        };
    }

    private static string Write(long offset, string[] taskIds) =>
        new ResumePoint { Query = JobQuery.All, Offset = offset, HasBegun = taskIds.Length > 0, TaskIds = taskIds, HasEvicted = offset + 1 > taskIds.Length }.ToString();
}
