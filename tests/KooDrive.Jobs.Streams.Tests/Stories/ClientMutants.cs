namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>A client whose listings are plain offset paging: each page starts at the end of the previous page.</summary>
internal sealed class ClientWithoutOverlap(JobsClientOptions options, JobsCredential credential) : JobsClient(options, credential)
{
    public override JobListing ListJobs(
        JobQuery? query = null, JobListingOptions? options = null, IProgress<JobListingProgress>? progress = null) =>
        new PlainListing(this, query ?? JobQuery.All, options?.PageSize ?? 100);

    private sealed class PlainListing(JobsClient client, JobQuery query, int pageSize) : JobListing
    {
        public override IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            AsPages().SelectMany(page => page.Jobs).GetAsyncEnumerator(cancellationToken);

        public override async IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null)
        {
            JobPage page;
            for (long offset = 0; ; offset += page.Jobs.Count)
            {
                try
                {
                    page = await client.GetPageAsync(query, offset, pageSize, TestContext.Current.CancellationToken);
                }
                catch (JobsException exception)
                {
                    throw new JobListingException(JobListingFailure.NoProgress, exception.Message);
                }

                if (page.Jobs.Count == 0)
                {
                    yield break;
                }

                yield return page;
            }
        }
    }
}

/// <summary>A client that treats a failure as the end of the list, so that the jobs read before it are committed.</summary>
internal sealed class ClientThatHidesFailures(JobsClientOptions options, JobsCredential credential) : JobsClient(options, credential)
{
    public override async Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetPageAsync(query, offset, limit, cancellationToken);
        }
        catch (JobsException)
        {
            return new JobPage { Jobs = [] };
        }
    }
}

/// <summary>A client that occasionally returns an earlier page, like a faulty cache.</summary>
internal sealed class ClientWithStalePages(JobsClientOptions options, JobsCredential credential) : JobsClient(options, credential)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(JobQuery, long, int), JobPage> _pages = new();
    private int _requests;

    public override async Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default) =>
        Interlocked.Increment(ref _requests) % 4 == 0 && _pages.TryGetValue((query, offset, limit), out JobPage? stale)
            ? stale
            : _pages[(query, offset, limit)] = await base.GetPageAsync(query, offset, limit, cancellationToken);
}
