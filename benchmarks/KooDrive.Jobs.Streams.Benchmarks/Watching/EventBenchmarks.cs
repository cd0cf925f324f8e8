using System.Reactive.Concurrency;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>What it costs to deliver an event: polls that find a thousand changes each, in virtual time.</summary>
[MemoryDiagnoser]
public class EventBenchmarks
{
    public const int Events = 1_000;

    private HistoricalScheduler _scheduler = null!;
    private JobWatch _watch = null!;
    private List<IDisposable> _subscriptions = [];
    private long _delivered;

    [Params(1, 100)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _scheduler = new HistoricalScheduler();
        var options = new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(1), Jitter = 0 };
        _watch = new JobWatch(new WatchEngine(
            options, new JobWatchServices { Scheduler = _scheduler }, _ => new BusyPoller(), AsyncEnumerable.Empty<Job>, random: () => 0, NullLogger.Instance));
        _subscriptions = [.. Enumerable.Range(0, Subscribers).Select(_ => _watch.Changes.Subscribe(_ => _delivered++))];
        Deliver();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _subscriptions.ForEach(subscription => subscription.Dispose());
        _watch.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public long Deliver()
    {
        long before = _delivered;
        _scheduler.AdvanceBy(TimeSpan.FromSeconds(1));
        long delivered = _delivered - before;
        return delivered == (long)Events * Subscribers ? delivered : throw new InvalidOperationException($"{delivered} events were delivered.");
    }

    private sealed class BusyPoller : IJobPoller
    {
        private readonly PollOutcome _outcome = new(
            [.. Enumerable.Range(1, Events).Select(i => new JobChanged
            {
                Job = new Job { TaskId = $"{i}", Status = JobStatus.Processing },
                Previous = new Job { TaskId = $"{i}", Status = JobStatus.Pending },
                Poll = 1,
                ObservedAt = default,
            })],
            Snapshot: [],
            Requests: 1,
            Jobs: Events,
            WasFullPass: false);

        public Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken) => Task.FromResult(_outcome);

        public TrackerState Export() => throw new NotSupportedException();
    }
}
