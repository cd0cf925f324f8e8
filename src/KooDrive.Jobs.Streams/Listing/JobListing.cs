using System.Diagnostics;
using KooDrive.Jobs.Streams.Listing;

namespace KooDrive.Jobs.Streams;

/// <summary>The jobs that match a query, each exactly once, even if the list changes while it is read.</summary>
/// <remarks>
/// <para>
/// A listing is cold: no request is sent before it is enumerated, and each enumeration is a separate walk. <see cref="AsPages"/> enumerates page by page. A
/// listing is thread-safe; an enumerator is not.
/// </para>
/// <para>
/// A job that matches the query during the whole walk is yielded exactly once, regardless of concurrent insertions and removals, if the list is sorted by
/// creation time, newest first. Jobs created in the same second may be listed in any order, if their number is at most the page size of the server less two.
/// More jobs of one second, and all jobs of a list that is sorted otherwise, must be listed in the same order in each response. If exactly once cannot be
/// guaranteed, the enumeration throws a <see cref="JobListingException"/>. A job that is inserted or removed during the walk may or may not be yielded.
/// </para>
/// <para>
/// A failure is thrown as a <see cref="JobsException"/> whose <see cref="JobsException.ResumePoint"/> is after the last job yielded.
/// Cancellation and the end of the loop end the requests in flight, including retries and delays.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// await foreach (Job job in client.ListJobs(new JobQuery { Type = JobType.BatchDeletion }).WithCancellation(cancellationToken))
/// {
///     Console.WriteLine(job);
/// }
/// </code>
/// </example>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class JobListing : IAsyncEnumerable<Job>
{
    /// <summary>Creates a listing, for fakes. <see cref="FromPages"/> is simpler for most tests.</summary>
    protected JobListing()
    {
    }

    /// <summary>Returns the filters in one line, for logs and debuggers.</summary>
    public override string ToString() => "Jobs";

    /// <summary>Creates a fake listing of the given pages, for tests of code that lists jobs.</summary>
    /// <param name="pages">
    /// The pages, in order. Each enumeration enumerates them again, page by page, so that an iterator may throw between pages. A <see cref="JobsException"/>
    /// without a resume point receives the resume point after the last page.
    /// </param>
    /// <remarks>
    /// Pages without jobs are skipped. A page without a resume point receives one, and <see cref="AsPages"/> resumes after the page with the given resume
    /// point. If no page has the resume point, the end of the enumeration throws an <see cref="ArgumentException"/>.
    /// </remarks>
    /// <example>
    /// <code>
    /// JobListing listing = JobListing.FromPages(
    ///     new JobPage { Jobs = [new Job { TaskId = "3" }, new Job { TaskId = "2" }] },
    ///     new JobPage { Jobs = [new Job { TaskId = "1" }] });
    /// </code>
    /// </example>
    public static JobListing FromPages(params IEnumerable<JobPage> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        return new FakeJobListing(pages);
    }

    /// <summary>Starts a walk over the jobs. Within a page, <c>MoveNextAsync</c> completes synchronously.</summary>
    /// <param name="cancellationToken">Ends the walk with an <see cref="OperationCanceledException"/>.</param>
    public abstract IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default);

    /// <summary>Returns the pages of a walk: each has at least one job, only jobs that were not yielded before, and a resume point.</summary>
    /// <param name="resumePoint">
    /// The position at which an earlier walk with the same query stopped: <see cref="JobPage.ResumePoint"/> or <see cref="JobsException.ResumePoint"/>. Null to
    /// start from the beginning. A resume point is text, usually of less than 100 characters; it may be stored, and may come from an untrusted source.
    /// </param>
    /// <exception cref="ArgumentException">The text is not a resume point, or belongs to another query. No request is sent.</exception>
    public abstract IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null);
}

/// <summary>The progress of a walk over the list, reported after each page.</summary>
public readonly record struct JobListingProgress
{
    /// <summary>The number of pages read so far, including pages without new jobs.</summary>
    public long PageCount { get; init; }

    /// <summary>The number of jobs found so far.</summary>
    public long JobCount { get; init; }

    /// <summary>The number of requests sent so far, including requests in flight.</summary>
    public long RequestCount { get; init; }

    /// <summary>The number of list shifts so far: pages that did not continue the walk, which then searched for its position in the list.</summary>
    public long ShiftCount { get; init; }
}
