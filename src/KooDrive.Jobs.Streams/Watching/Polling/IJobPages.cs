using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>The list of jobs, read page by page.</summary>
internal interface IJobPages
{
    /// <summary>The number of requests sent in all polls.</summary>
    public long RequestCount { get; }

    /// <summary>The number of jobs received in all polls.</summary>
    public long JobCount { get; }

    /// <summary>Returns one page as the server returns it.</summary>
    /// <param name="offset">The number of jobs to skip, 0 or more.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken);

    /// <summary>Returns the page with the newest jobs. The page has no jobs if the response equals the previous response.</summary>
    /// <param name="limit">The maximum number of jobs.</param>
    /// <param name="previous">The response that the caller already has.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken);

    /// <summary>Returns the pages of the list from the top, each job once although the list changes, as <see cref="JobListing.AsPages"/> does.</summary>
    /// <param name="status">The status of the jobs; null for all.</param>
    public IAsyncEnumerable<JobPage> Walk(JobStatus? status);
}
