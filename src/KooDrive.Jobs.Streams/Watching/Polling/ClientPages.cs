using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Reads pages with a client, and counts requests and jobs.</summary>
internal sealed class ClientPages(FetchJobPage fetch, ClientTelemetry telemetry, PollingOptions options) : IJobPages
{
    private int _longestPage;

    public long RequestCount { get; private set; }

    public long JobCount { get; private set; }

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) =>
        FetchAsync(Query(status: null), offset, options.PageSize, cancellationToken);

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status, JobPage? first = null)
    {
        // Jobs that are missing from a filtered list are looked up in the whole list. So its end needs no proof, once the server has returned as many jobs as
        // requested.
        bool trustShortPages = status is not null && _longestPage >= options.PageSize;
        var listing = new JobListingOptions { PageSize = options.PageSize, TrustShortPages = trustShortPages };

        // The tracker relies on the order of the list. A job that was inserted behind the walk is observed at the next poll.
        return new ServerJobListing(FetchUnlessReadAsync, Query(status), listing, telemetry).AsPages().Select(static page => page.LateJobCount == 0
            ? page
            : new JobPage { Jobs = [.. page.Jobs.Skip(page.LateJobCount)], Offset = page.Offset, Limit = page.Limit });

        Task<JobPage> FetchUnlessReadAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
        {
            // Only for the first request: a repeated request reads the page again.
            Task<JobPage> page = first is { } read && read.Offset == offset ? Task.FromResult(read) : FetchAsync(query, offset, limit, cancellationToken);
            first = null;
            return page;
        }
    }

    private JobQuery Query(JobStatus? status) => new() { Type = options.Type, Status = status };

    private async Task<JobPage> FetchAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
    {
        RequestCount++;
        JobPage page = await fetch(query, offset, limit, cancellationToken).ConfigureAwait(false);
        JobCount += page.Jobs.Count;
        _longestPage = Math.Max(_longestPage, page.Jobs.Count);
        return page;
    }
}
