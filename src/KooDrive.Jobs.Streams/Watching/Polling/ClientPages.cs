using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>The pages of a client, counted.</summary>
internal sealed class ClientPages(FetchJobPage fetch, ClientTelemetry telemetry, PollingOptions options) : IJobPages
{
    private int _longestPage;

    public long Requests { get; private set; }

    public long Jobs { get; private set; }

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) =>
        FetchAsync(Query(status: null), offset, options.PageSize, cancellationToken);

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status, JobPage? first = null)
    {
        // A filtered list only reduces the cost: what it does not show is looked up in the whole list. So its end needs no proof, once the server is known
        // to return as many jobs as requested.
        bool trustShortPages = status is not null && _longestPage >= options.PageSize;
        var listing = new JobListingOptions { PageSize = options.PageSize, TrustShortPages = trustShortPages };
        return new ServerJobListing(FetchUnlessReadAsync, Query(status), listing, telemetry).AsPages();

        Task<JobPage> FetchUnlessReadAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
        {
            // For the first request only: when the same page is requested again, it is read again.
            Task<JobPage> page = first is { } read && read.Offset == offset ? Task.FromResult(read) : FetchAsync(query, offset, limit, cancellationToken);
            first = null;
            return page;
        }
    }

    private JobQuery Query(JobStatus? status) => new() { Type = options.Type, Status = status };

    private async Task<JobPage> FetchAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
    {
        Requests++;
        JobPage page = await fetch(query, offset, limit, cancellationToken).ConfigureAwait(false);
        Jobs += page.Jobs.Count;
        _longestPage = Math.Max(_longestPage, page.Jobs.Count);
        return page;
    }
}
