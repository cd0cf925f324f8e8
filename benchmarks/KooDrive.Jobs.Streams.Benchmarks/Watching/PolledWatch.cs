using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A watch in virtual time with a server in memory. Each call runs a poll, including the delivery of its events.</summary>
internal sealed class PolledWatch : IDisposable
{
    private readonly HistoricalScheduler _scheduler = new();
    private readonly JobWatchOptions _options;
    private readonly JobWatch _watch;
    private readonly IDisposable _subscription;
    private PollCompleted? _completed;
    private Exception? _failure;
    private int _changes;

    /// <summary>Subscribes, which starts the first poll.</summary>
    /// <param name="client">The client to poll with. Its requests complete synchronously.</param>
    /// <param name="maxUnfinished">The maximum number of tracked unfinished jobs.</param>
    public PolledWatch(JobsClient client, int maxUnfinished = 10_000)
    {
        _options = new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(1), Jitter = 0, MaxUnfinishedJobs = maxUnfinished };
        _watch = client.WatchJobs(_options, new JobWatchServices { Scheduler = _scheduler });
        _subscription = _watch.Events.Subscribe(Take, failure => _failure = failure);
        Poll();
    }

    /// <summary>Polls once.</summary>
    /// <returns>The number of requests of the poll and the number of <see cref="JobChanged"/> events.</returns>
    public (int Requests, int Changes) Poll()
    {
        (_completed, _changes) = (null, 0);
        _scheduler.AdvanceBy(_options.PollInterval);
        return _completed is { } completed
            ? (completed.RequestCount, _changes)
            : throw new InvalidOperationException("The poll did not complete.", _failure);
    }

    public IDisposable Subscribe(Action<JobChange> take) => _watch.Changes.Subscribe(take);

    public void Dispose()
    {
        _subscription.Dispose();
        _watch.Dispose();
    }

    private void Take(JobEvent next)
    {
        switch (next)
        {
            case JobChanged:
                _changes++;
                break;
            case PollCompleted completed:
                _completed = completed;
                break;
            case PollFailed { Exception: var failure }:
                _failure = failure;
                break;
        }
    }
}
