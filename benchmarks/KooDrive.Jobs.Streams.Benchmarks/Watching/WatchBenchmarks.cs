using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// One poll of a watch, including the delivery of its events to one subscriber, compared with one page and with the naive way: list
/// everything and compare dictionaries. In memory.
/// </summary>
[MemoryDiagnoser]
public class WatchBenchmarks
{
    private RenderedJobs[] _lists = null!;
    private ListServer _page = null!;
    private ListServer _polled = null!;
    private ListServer _listed = null!;
    private PolledWatch _watch = null!;
    private Dictionary<string, Job> _last = [];
    private long _polls;
    private long _requests;

    [Params(1_000, 10_000, 100_000)]
    public int TrackedJobs { get; set; }

    /// <summary>The percentage of the jobs that change between two polls. They are running; the others have finished.</summary>
    [Params(0, 1)]
    public int ChangedPercent { get; set; }

    /// <summary>The average number of requests of a poll, except for the first poll.</summary>
    public double Requests => _requests / (double)_polls;

    private int Changed => TrackedJobs * ChangedPercent / 100;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        // The same jobs twice, some of them running. In one list all of their files have succeeded so far, in the other only some have. Such a
        // change can be repeated indefinitely without a regression, which costs more to detect and does not occur in practice.
        _lists = [new RenderedJobs(TrackedJobs, Status, unfinishedResult: 1), new RenderedJobs(TrackedJobs, Status, unfinishedResult: 2)];
        _page = new ListServer(_lists);
        _polled = new ListServer(_lists);
        _listed = new ListServer(_lists);
        _watch = new PolledWatch(_polled.Client);
        _last = await ListAsync();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _watch.Dispose();
        _page.Dispose();
        _polled.Dispose();
        _listed.Dispose();
    }

    [Benchmark(Baseline = true)]
    public async Task<int> GetPageAsync()
    {
        JobPage page = await _page.Client.GetPageAsync(JobQuery.All, 0, KooDriveRequests.PageSize);
        return page.Jobs.Count == KooDriveRequests.PageSize ? page.Jobs.Count : throw new InvalidOperationException($"The page has {page.Jobs.Count} jobs.");
    }

    [Benchmark]
    public Task<int> Poll()
    {
        _polled.Change();
        (int requests, int changes) = _watch.Poll();
        _polls++;
        _requests += requests;
        return Task.FromResult(Check(changes));
    }

    [Benchmark]
    public async Task<int> Naive()
    {
        _listed.Change();
        Dictionary<string, Job> jobs = await ListAsync();
        int changes = jobs.Count(job => !_last.TryGetValue(job.Key, out Job? before) || before.Status != job.Value.Status || before.Result != job.Value.Result);
        changes += _last.Keys.Count(taskId => !jobs.ContainsKey(taskId));
        _last = jobs;
        return Check(changes);
    }

    private int? Status(int place) => ChangedPercent > 0 && place % (100 / ChangedPercent) == 50 ? 1 : null;

    private int Check(int changes) =>
        changes == Changed ? changes : throw new InvalidOperationException($"{changes} changes were found; there were {Changed}.");

    private async Task<Dictionary<string, Job>> ListAsync()
    {
        var jobs = new Dictionary<string, Job>();
        await foreach (Job job in _listed.Client.ListJobs())
        {
            jobs.Add(job.TaskId, job);
        }

        return jobs;
    }
}
