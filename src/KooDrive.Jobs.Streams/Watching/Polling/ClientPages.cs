using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing;
using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Reads pages with a client, and counts requests and jobs.</summary>
internal sealed class ClientPages(FetchJobPage fetch, FetchTopPage fetchTop, ClientTelemetry telemetry, PollingOptions options) : IJobPages
{
    private readonly JobQuery _allJobs = new() { Type = options.Type };
    private int _longestPage;

    public long RequestCount { get; private set; }

    public long JobCount { get; private set; }

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) =>
        FetchAsync(_allJobs, offset, options.PageSize, cancellationToken);

    public async Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken)
    {
        RequestCount++;
        JobPage page = await fetchTop(_allJobs, limit, previous, cancellationToken).ConfigureAwait(false);
        JobCount += page.JobCount;
        return page;
    }

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status)
    {
        // Jobs that are missing from a filtered list are looked up in the whole list. So its end needs no proof, once the server has returned as many jobs as
        // requested.
        bool trustShortPages = status is not null && _longestPage >= options.PageSize;
        var listing = new JobListingOptions { PageSize = options.PageSize, TrustShortPages = trustShortPages };
        return InOrderAsync(new ServerJobListing(FetchAsync, _allJobs with { Status = status }, listing, telemetry).AsPages());
    }

    // The tracker relies on the order of the list. A job that is inserted before the position of the walk is observed at the next poll. The framework's Select would capture
    // the caller's synchronization context.
    private static async IAsyncEnumerable<JobPage> InOrderAsync(
        IAsyncEnumerable<JobPage> pages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (JobPage page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return page.LateJobCount == 0
                ? page
                : new JobPage { Jobs = [.. page.Jobs.Skip(page.LateJobCount)], Offset = page.Offset, Limit = page.Limit };
        }
    }

    private async Task<JobPage> FetchAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
    {
        RequestCount++;
        JobPage page = await fetch(query, offset, limit, cancellationToken).ConfigureAwait(false);
        JobCount += page.Jobs.Count;
        _longestPage = Math.Max(_longestPage, page.Jobs.Count);
        return page;
    }
}

/// <summary>Gets the page with the newest jobs, which has no jobs if the response equals the previous response.</summary>
internal delegate Task<JobPage> FetchTopPage(JobQuery query, int limit, PageFingerprint previous, CancellationToken cancellationToken);
