namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>A client of <see cref="InMemoryJobs"/>.</summary>
internal sealed class InMemoryJobsClient(InMemoryJobs server) : JobsClient
{
    public override Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(new JobPage { Jobs = server.Page(query, offset, limit), Offset = offset, Limit = limit });
}
