using BenchmarkDotNet.Attributes;
using Refit;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A whole list in pages of 100, read by this library and by alternatives, compared with the floor.</summary>
[MemoryDiagnoser]
public class PagingBenchmarks
{
    private Tally _tally;
    private long _bytes;
    private ServerProcess? _server;
    private HttpMessageHandler _handler = null!;
    private HttpClient _plain = null!;
    private HttpClient _bare = null!;
    private JobsClient _client = null!;
    private JobsClient? _resilient;
    private IKooDriveApi _refit = null!;
    private AzureCoreJobs _azureCore = null!;

    [ParamsAllValues]
    public Transport Transport { get; set; }

    [Params(100_000)]
    public int Jobs { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _server = Transport switch
        {
            Transport.Loopback => await ServerProcess.StartAsync(ServerProcess.PagesCommand, Jobs),
            Transport.Emulator => await ServerProcess.StartAsync(ServerProcess.EmulatorCommand, Jobs),
            _ => null,
        };
        RenderedJobs? jobs = _server is null ? new RenderedJobs(Jobs) : null;
        _tally = _server?.Tally ?? jobs!.Tally;
        _handler = jobs is null ? new SocketsHttpHandler() : new PageHandler(jobs);
        Uri endpoint = _server?.Endpoint ?? new Uri("http://127.0.0.1");
        _plain = KooDriveRequests.CreateClient(_handler, endpoint);
        _bare = new HttpClient(_handler, disposeHandler: false);
        _client = KooDriveRequests.CreateJobsClient(endpoint, _bare);
        _resilient = _server is null ? null : KooDriveRequests.CreateJobsClient(endpoint);
        _refit = RestService.For<IKooDriveApi>(_plain);
        _azureCore = new AzureCoreJobs(_plain, endpoint);
        _bytes = await Benchmarks.Floor.FetchAllAsync(_plain);
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
        return bytes == _bytes ? _tally : throw new InvalidOperationException($"The floor fetched {bytes} bytes; before it was {_bytes}.");
    }

    [Benchmark]
    public Task<Tally> ListJobs() => ReadAllAsync(_client.ListJobs());

    /// <summary>With the connections, retries and timeouts of the library, which require a socket.</summary>
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

        return tally.MustBe(_tally);
    }

    [Benchmark]
    public Task<Tally> ListJobs_4_in_flight() => ReadAllAsync(_client.ListJobs(options: new JobListingOptions { PagesInFlight = 4 }));

    [Benchmark]
    public async Task<Tally> GetFromJsonAsync() => (await JsonLoops.GetFromJsonAsync(_plain)).MustBe(_tally);

    [Benchmark]
    public async Task<Tally> Source_generated() => (await JsonLoops.SourceGenerated(_plain)).MustBe(_tally);

    [Benchmark]
    public async Task<Tally> Refit() => (await RefitLoop.ReadAllAsync(_refit)).MustBe(_tally);

    [Benchmark]
    public async Task<Tally> Azure_Core() => (await AzureCoreJobs.ReadAllAsync(_azureCore)).MustBe(_tally);

    private async Task<Tally> ReadAllAsync(JobListing listing)
    {
        Tally tally = default;
        await foreach (Job job in listing)
        {
            tally = tally.Add(job.TaskId);
        }

        return tally.MustBe(_tally);
    }
}
