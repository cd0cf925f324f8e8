using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Two hundred pages from a server that takes 20 ms for each: how much of that pages in flight hide, and what they cost.</summary>
public class LatencyBenchmarks
{
    private RenderedJobs _jobs = null!;
    private PageServer _server = null!;
    private JobsClient _client = null!;

    [Params(1, 2, 4, 8, 16)]
    public int PagesInFlight { get; set; }

    public int Pages { get; set; } = 200;

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The requests of the last run beyond those that one at a time takes.</summary>
    public int SuperfluousRequests { get; private set; }

    /// <summary>The connections that the last run opened, in a client that was new.</summary>
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

        // The pages, and the one that shows the end.
        SuperfluousRequests = _server.Requests - before - (Pages + 1);
        return tally.MustBe(_jobs.Tally);
    }
}
