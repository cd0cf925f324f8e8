using System.Diagnostics.CodeAnalysis;

namespace KooDrive.Jobs.Streams;

/// <summary>The pages of a <see cref="JobsClient"/>, counted.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The counting client holds nothing to dispose: the client that it counts for is the caller's.")]
internal sealed class ClientPages(JobsClient client, PollingOptions options) : IJobPages
{
    private readonly CountingClient _client = new(client);

    public long Requests => _client.Requests;

    public long Jobs => _client.Jobs;

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) =>
        _client.GetPageAsync(Query(status: null), offset, options.PageSize, cancellationToken);

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status, JobPage? first = null)
    {
        // A filtered list only speeds things up: what it does not show is looked up in the whole list. So its end need not be proved, once the server
        // is known to serve as many jobs as it is asked for.
        bool trustShortPages = status is not null && _client.LongestPage >= options.PageSize;
        var listing = new JobListingOptions { PageSize = options.PageSize, TrustShortPages = trustShortPages };
        return new ServerJobListing(Fetch, Query(status), listing, _client.Telemetry).AsPages();

        Task<JobPage> Fetch(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
        {
            // For the first request only: asked for again, it is read again.
            Task<JobPage> page = first is { } read && read.Offset == offset ? Task.FromResult(read) : _client.GetPageAsync(query, offset, limit, cancellationToken);
            first = null;
            return page;
        }
    }

    private JobQuery Query(JobStatus? status) => new() { Type = options.Type, Status = status };

    private sealed class CountingClient : JobsClient
    {
        private readonly JobsClient _inner;

        public CountingClient(JobsClient inner)
        {
            _inner = inner;
            Telemetry = inner.Telemetry;
        }

        public long Requests { get; private set; }

        public long Jobs { get; private set; }

        public int LongestPage { get; private set; }

        public override async Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
        {
            Requests++;
            JobPage page = await _inner.GetPageAsync(query, offset, limit, cancellationToken).ConfigureAwait(false);
            Jobs += page.Jobs.Count;
            LongestPage = Math.Max(LongestPage, page.Jobs.Count);
            return page;
        }
    }
}
