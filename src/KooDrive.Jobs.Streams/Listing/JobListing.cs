using System.Diagnostics;
using KooDrive.Jobs.Streams.Listing;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// The jobs that match a query, each exactly once, although the list changes while it is read: job by job, or page by page
/// with <see cref="AsPages"/>.
/// </summary>
/// <remarks>
/// <para>
/// Cold: nothing is requested before the first job is asked for, and each enumeration is a walk of its own. A listing may be
/// enumerated by several threads at once, an enumerator by one.
/// </para>
/// <para>
/// A job that matches the query from the start of the walk to its end is yielded exactly once, whatever is inserted or removed
/// meanwhile, if the list is sorted by creation time, newest first. Jobs of the same second may come in any order, as long as they fit into a page of the
/// server less two; more of them must come in the same order in each response, as must all jobs of a list that is sorted otherwise. Where exactly
/// once cannot be guaranteed, the enumeration throws a <see cref="JobListingException"/>. A job that is inserted or removed during the walk may be yielded
/// or not.
/// </para>
/// <para>
/// What fails is thrown as a <see cref="JobsException"/> whose <see cref="JobsException.ResumePoint"/> stands behind the last job yielded.
/// Cancelling, or leaving the loop, ends requests in flight, retries and waits included.
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
    /// <summary>For fakes of one's own; <see cref="FromPages"/> is simpler.</summary>
    protected JobListing()
    {
    }

    /// <summary>Returns a line for logs and debuggers: which jobs are listed.</summary>
    public override string ToString() => "Jobs";

    /// <summary>A listing of pages made up, without a server: for tests of code that lists jobs.</summary>
    /// <param name="pages">
    /// The pages, in order. Read anew and lazily by each enumeration, so that an iterator may throw half-way; a <see cref="JobsException"/> then gets the
    /// resume point behind the last page, if it has none.
    /// </param>
    /// <remarks>
    /// Pages without jobs are passed over. A page without a resume point gets one, and <see cref="AsPages"/> goes on behind the page whose resume point
    /// it is given; one that no page has is an <see cref="ArgumentException"/> at the end of the enumeration.
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

    /// <summary>Starts a walk, job by job. Jobs of a page in hand are served synchronously.</summary>
    /// <param name="cancellationToken">Ends the walk.</param>
    public abstract IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default);

    /// <summary>Starts a walk page by page: each page has at least one job, only jobs that were not yielded before, and a resume point after them.</summary>
    /// <param name="resumePoint">
    /// Where an earlier walk of the same query stopped: <see cref="JobPage.ResumePoint"/> or <see cref="JobsException.ResumePoint"/>. Null to
    /// begin at the start. It is text of normally less than 100 characters that may be stored, and may come from an untrusted source.
    /// </param>
    /// <exception cref="ArgumentException">The text is not a resume point, or belongs to another query. Nothing was requested.</exception>
    public abstract IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null);
}
