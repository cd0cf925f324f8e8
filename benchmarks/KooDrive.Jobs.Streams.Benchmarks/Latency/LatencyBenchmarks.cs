using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Two hundred pages from a server with a latency of 20 ms: the gain and the cost of pages in flight.</summary>
public class LatencyBenchmarks
{
    private RenderedJobs _jobs = null!;
    private PageServer _server = null!;
    private JobsClient _client = null!;

    [Params(1, 2, 4, 8, 16)]
    public int PagesInFlight { get; set; }

    public int Pages { get; set; } = 200;

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The number of requests of the last run in addition to those of sequential reading.</summary>
    public int ExtraRequests { get; private set; }

    /// <summary>The number of connections that the last run opened with a new client.</summary>
    public int Connections => _server.Connections;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        // Pages overlap by two jobs.
        _jobs = new RenderedJobs((Pages * (KooDriveRequests.PageSize - 2)) + 2);
        _server = await PageServer.StartAsync(_jobs, Delay);
        _client = KooDriveRequests.CreateJobsClient(_server.Endpoint);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Benchmark]
    public async Task<Tally> ListJobs()
    {
        int before = _server.Requests;
        Tally tally = default;
        await foreach (Job job in _client.ListJobs(options: new JobListingOptions { PagesInFlight = PagesInFlight }))
        {
            tally = tally.Add(job.TaskId);
        }

        // The pages, and the empty page at the end.
        ExtraRequests = _server.Requests - before - (Pages + 1);
        return tally.MustBe(_jobs.Tally);
    }
}
