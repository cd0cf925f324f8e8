using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>A watch without a server that publishes given events: see <see cref="JobWatch.FromEvents(IEnumerable{JobEvent})"/>.</summary>
internal sealed class FakeJobWatch : JobWatch
{
    private readonly AsyncSubject<Unit> _end = new();
    private readonly RecordedEvents _recorded = new();

    public FakeJobWatch(IObservable<JobEvent> events, IScheduler scheduler)
    {
        Events = events.Do(_recorded.Record).TakeUntil(_end).AsObservable();
        Changes = Events.OfType<JobChange>();
        Scheduler = scheduler;
    }

    public override IObservable<JobEvent> Events { get; }

    public override IObservable<JobChange> Changes { get; }

    public override JobWatchHealth Health => _recorded.Health;

    public override IReadOnlyList<Job> UnfinishedJobs => _recorded.Unfinished;

    private protected override IScheduler Scheduler { get; }

    public override IObservable<Job> ObserveJob(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return Observable.Create<Job>(observer =>
        {
            // There is no list to read: a job that is not in the initial snapshot does not exist.
            SingleJobObserver? single = null;
            single = new SingleJobObserver(new JobLookup(taskId), lookup => single!.OnNext(new JobLookupResult { Lookup = lookup, Job = null }), observer);
            return Events.Where(next => single.Accepts(next) && next is not WatchGap { Reason: WatchGapReason.TooManyUnfinished }).Subscribe(single);
        });
    }

    public override async IAsyncEnumerable<JobEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Unbounded: the author of the fake determines the number of events.
        var events = Channel.CreateUnbounded<JobEvent>(new UnboundedChannelOptions { SingleReader = true });
        using IDisposable subscription = Events.Subscribe(
            next => events.Writer.TryWrite(next),
            exception => events.Writer.TryComplete(exception),
            () => events.Writer.TryComplete());
        await foreach (JobEvent next in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_end.IsCompleted)
            {
                yield break;
            }

            yield return next;
        }
    }

    public override Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, JobProcessingOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return ProcessAsync((next, token) => next is PollFailed or PollCompleted ? ValueTask.CompletedTask : handler(next, token), cancellationToken);
    }

    public override Task ProcessWithPollsAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, JobProcessingOptions? options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return ProcessAsync(handler, cancellationToken);
    }

    public override Task ProcessOnceAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, JobProcessingOptions? options, CancellationToken cancellationToken = default) =>
        ProcessAsync(handler, store, options, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _end.OnNext(Unit.Default);
            _end.OnCompleted();
        }

        base.Dispose(disposing);
    }
}
