using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Listing;

/// <summary>A listing of fake pages: see <see cref="JobListing.FromPages"/>.</summary>
internal sealed class FakeJobListing(IEnumerable<JobPage> source) : JobListing
{
    public override async IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (JobPage page in AsPages().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (Job job in page.Jobs)
            {
                yield return job;
            }
        }
    }

    public override string ToString() => "Jobs of fake pages";

    public override IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null) => ReadAsync(resumePoint);

    private async IAsyncEnumerable<JobPage> ReadAsync(string? resumePoint, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Makes this an async method, so that MoveNextAsync throws the errors, as it does with a server.
        await Task.CompletedTask.ConfigureAwait(false);
        var position = new FakeListingPosition();
        bool isResumed = resumePoint is null || resumePoint == position.ResumePoint;
        using IEnumerator<JobPage> pages = source.GetEnumerator();
        while (Next(pages, position, cancellationToken) is { } page)
        {
            if (isResumed)
            {
                yield return page;
            }

            isResumed |= resumePoint == page.ResumePoint;
        }

        if (!isResumed)
        {
            throw new ArgumentException("The resume point does not belong to any of the pages. Use the resume point of a page of this listing.", nameof(resumePoint));
        }
    }

    /// <summary>Returns the next page that has jobs; null at the end.</summary>
    private static JobPage? Next(IEnumerator<JobPage> pages, FakeListingPosition position, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!pages.MoveNext())
                {
                    return null;
                }
            }
            while (pages.Current.Jobs.Count == 0);
        }
        catch (JobsException exception)
        {
            exception.SetResumePoint(exception.ResumePoint ?? position.ResumePoint);
            throw;
        }

        return position.MoveAfter(pages.Current);
    }
}

/// <summary>The position in a <see cref="FakeJobListing"/>.</summary>
internal sealed class FakeListingPosition
{
    private long _jobs;

    /// <summary>The position after the page read last; the start before the first.</summary>
    public string ResumePoint { get; private set; } = Write(0, []);

    /// <summary>Moves after a page.</summary>
    /// <returns>The page; a copy with a resume point if it had none.</returns>
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
        new ResumePoint { Query = JobQuery.All, Offset = offset, HasStarted = taskIds.Length > 0, TaskIds = taskIds, HasEvicted = offset + 1 > taskIds.Length }.ToString();
}
