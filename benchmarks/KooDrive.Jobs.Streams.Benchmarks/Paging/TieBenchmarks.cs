using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A whole list in pages of 100 in which several jobs share a creation time, in memory, compared with the floor.</summary>
[MemoryDiagnoser]
public class TieBenchmarks
{
    private RenderedJobs _jobs = null!;
    private PageHandler _handler = null!;
    private HttpClient _plain = null!;
    private HttpClient _bare = null!;
    private JobsClient _client = null!;

    /// <summary>The number of jobs that share a creation time.</summary>
    [Params(1, 2, 10)]
    public int TieSize { get; set; }

    [Params(100_000)]
    public int Jobs { get; set; }

    /// <summary>The requests of the last run of <see cref="ListJobs"/> or <see cref="ListJobs_8_in_flight"/>.</summary>
    public int Requests { get; private set; }

    [GlobalSetup]
    public void SetUp()
    {
        _jobs = new RenderedJobs(Jobs, tieSize: TieSize);
        _handler = new PageHandler(_jobs);
        var endpoint = new Uri("http://127.0.0.1");
        _plain = KooDriveRequests.CreateClient(_handler, endpoint);
        _bare = new HttpClient(_handler, disposeHandler: false);
        _client = KooDriveRequests.CreateJobsClient(endpoint, _bare);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _client.Dispose();
        _bare.Dispose();
        _plain.Dispose();
        _handler.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<long> Floor() => Benchmarks.Floor.FetchAllAsync(_plain);

    [Benchmark]
    public Task<Tally> ListJobs() => ReadAllAsync(new JobListingOptions());

    [Benchmark]
    public Task<Tally> ListJobs_8_in_flight() => ReadAllAsync(new JobListingOptions { PagesInFlight = 8 });

    private async Task<Tally> ReadAllAsync(JobListingOptions options)
    {
        int before = _handler.Requests;
        Tally tally = default;
        await foreach (Job job in _client.ListJobs(options: options))
        {
            tally = tally.Add(job.TaskId);
        }

        Requests = _handler.Requests - before;
        return tally.MustBe(_jobs.Tally);
    }
}
