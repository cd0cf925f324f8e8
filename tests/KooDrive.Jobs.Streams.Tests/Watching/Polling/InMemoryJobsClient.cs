using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>A client of <see cref="InMemoryJobs"/>.</summary>
internal sealed class InMemoryJobsClient(InMemoryJobs server) : JobsClient
{
    public override Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(Page(query, offset, limit));

    /// <summary>Returns the pages as the poller of a watch reads them.</summary>
    public ClientPages Pages(PollingOptions options) => new(GetPageAsync, GetTopPageAsync, ClientTelemetry.None, options);

    private Task<JobPage> GetTopPageAsync(JobQuery query, int limit, PageFingerprint previous, CancellationToken cancellationToken)
    {
        JobPage page = Page(query, offset: 0, limit);
        var fingerprint = new PageFingerprint(new UInt128((ulong)HashOf(page.Jobs, seed: 1), (ulong)HashOf(page.Jobs, seed: 2)), page.Jobs.Count);
        return Task.FromResult(new JobPage { Jobs = fingerprint == previous ? [] : page.Jobs, Limit = limit, Fingerprint = fingerprint });
    }

    private JobPage Page(JobQuery query, long offset, int limit) => new() { Jobs = server.Page(query, offset, limit), Offset = offset, Limit = limit };

    private static int HashOf(IReadOnlyList<Job> jobs, int seed)
    {
        HashCode hash = default;
        hash.Add(seed);
        foreach (Job job in jobs)
        {
            hash.Add(job);
        }

        return hash.ToHashCode();
    }
}
