namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A client without HTTP whose pages come from a list in memory, to measure operations that cost less than reading a response.</summary>
/// <param name="list">Returns the jobs that match a query.</param>
internal sealed class FakeClient(Func<JobQuery, Job[]> list) : JobsClient
{
    public override Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
    {
        Job[] jobs = list(query);
        bool isWhole = offset == 0 && jobs.Length <= limit;
        return Task.FromResult(new JobPage { Jobs = isWhole ? jobs : [.. jobs.Skip((int)offset).Take(limit)], Offset = offset, Limit = limit });
    }
}
