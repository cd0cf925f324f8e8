using BenchmarkDotNet.Attributes;
using Refit;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A whole list in pages of 100, read by this library and by what a user would write or take instead, beside the floor.</summary>
[MemoryDiagnoser]
public class PagingBenchmarks
{
    private RenderedJobs _jobs = null!;
    private long _bytes;
    private ServerProcess? _server;
    private HttpMessageHandler _handler = null!;
    private HttpClient _plain = null!;
    private HttpClient _bare = null!;
    private JobsClient _client = null!;
    private JobsClient? _resilient;
    private IKooDriveApi _refit = null!;
    private AzureCoreJobs _azureCore = null!;

    [Params(Transport.InMemory, Transport.Loopback)]
    public Transport Transport { get; set; }

    [Params(100_000)]
    public int Jobs { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _jobs = new RenderedJobs(Jobs);
        _server = Transport is Transport.Loopback ? await ServerProcess.StartAsync(Jobs) : null;
        _handler = _server is null ? new PageHandler(_jobs) : new SocketsHttpHandler();
        Uri endpoint = _server?.Endpoint ?? new Uri("http://127.0.0.1");
        _plain = KooDriveRequests.CreateClient(_handler, endpoint);
        _bare = new HttpClient(_handler, disposeHandler: false);
        _client = new JobsClient(_bare, KooDriveRequests.Options(endpoint));
        _resilient = _server is null ? null : new JobsClient(KooDriveRequests.Options(endpoint));
        _refit = RestService.For<IKooDriveApi>(_plain);
        _azureCore = new AzureCoreJobs(_plain, endpoint);
        // Up to and with the first page that is empty.
        _bytes = Enumerable.Range(0, ((Jobs + KooDriveRequests.PageSize - 1) / KooDriveRequests.PageSize) + 1)
            .Sum(page => (long)_jobs.Page(new PageAsked(page * KooDriveRequests.PageSize, KooDriveRequests.PageSize)).Length);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _client.Dispose();
        _resilient?.Dispose();
        _bare.Dispose();
        _plain.Dispose();
        _handler.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Benchmark(Baseline = true)]
    public async Task<Tally> Floor()
    {
        long bytes = await Benchmarks.Floor.FetchAllAsync(_plain);
        return bytes == _bytes ? _jobs.Tally : throw new InvalidOperationException($"The floor fetched {bytes} bytes; the list has {_bytes}.");
    }

    [Benchmark]
    public Task<Tally> ListJobs() => ReadAllAsync(_client.ListJobs());

    /// <summary>With the connections, retries and timeouts of the library; they need a socket.</summary>
    [Benchmark]
    public Task<Tally> ListJobs_resilient() => ReadAllAsync((_resilient ?? _client).ListJobs());

    [Benchmark]
    public async Task<Tally> AsPages()
    {
        Tally tally = default;
        await foreach (JobPage page in _client.ListJobs().AsPages())
        {
            foreach (Job job in page.Jobs)
            {
                tally = tally.Add(job.TaskId);
            }
        }

        return tally.MustBe(_jobs.Tally);
    }

    [Benchmark]
    public Task<Tally> ListJobs_4_in_flight() => ReadAllAsync(_client.ListJobs(options: new JobListingOptions { PagesInFlight = 4 }));

    [Benchmark]
    public async Task<Tally> GetFromJsonAsync() => (await JsonLoops.GetFromJsonAsync(_plain)).MustBe(_jobs.Tally);

    [Benchmark]
    public async Task<Tally> Source_generated() => (await JsonLoops.SourceGenerated(_plain)).MustBe(_jobs.Tally);

    [Benchmark]
    public async Task<Tally> Refit() => (await RefitLoop.ReadAllAsync(_refit)).MustBe(_jobs.Tally);

    [Benchmark]
    public async Task<Tally> Azure_Core() => (await AzureCoreJobs.ReadAllAsync(_azureCore)).MustBe(_jobs.Tally);

    private async Task<Tally> ReadAllAsync(JobListing listing)
    {
        Tally tally = default;
        await foreach (Job job in listing)
        {
            tally = tally.Add(job.TaskId);
        }

        return tally.MustBe(_jobs.Tally);
    }
}
