using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The cost of detecting and delivering a change: polls in which each of a hundred jobs has changed, in virtual time and without HTTP.</summary>
[MemoryDiagnoser]
public class EventBenchmarks
{
    public const int Events = 100;

    // The lists differ in the results, as when the first files of a running job fail.
    private readonly Job[][] _lists = [Running(JobResult.AllSucceeded), Running(JobResult.PartiallyFailed)];

    private FakeClient _client = null!;
    private PolledWatch _watch = null!;
    private List<IDisposable> _subscriptions = [];
    private long _polls;
    private long _delivered;

    [Params(1, 100)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _client = new FakeClient(query => query.Status is null or JobStatus.Processing ? _lists[_polls % _lists.Length] : []);
        _watch = new PolledWatch(_client);
        _subscriptions = [.. Enumerable.Range(0, Subscribers).Select(_ => _watch.Subscribe(_ => _delivered++))];
        Deliver();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _subscriptions.ForEach(subscription => subscription.Dispose());
        _watch.Dispose();
        _client.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public long Deliver()
    {
        long before = _delivered;
        _polls++;
        _watch.Poll();
        long delivered = _delivered - before;
        return delivered == (long)Events * Subscribers ? delivered : throw new InvalidOperationException($"{delivered} events were delivered.");
    }

    private static Job[] Running(JobResult result) => [.. Enumerable.Range(0, Events).Select(i => new Job
    {
        TaskId = $"{1_320_279_189_273_965_056 - i}",
        Status = JobStatus.Processing,
        Result = result,
        CreateTime = DateTimeOffset.UnixEpoch.AddMinutes(-i),
    })];
}
