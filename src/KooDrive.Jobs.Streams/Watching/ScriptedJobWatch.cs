using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>A watch that tells what somebody made up: see <see cref="JobWatch.FromEvents(IEnumerable{JobEvent})"/>.</summary>
internal sealed class ScriptedJobWatch : JobWatch
{
    private readonly AsyncSubject<Unit> _end = new();
    private readonly ToldEvents _told = new();

    public ScriptedJobWatch(IObservable<JobEvent> script, IScheduler scheduler)
    {
        Events = script.Do(_told.Note).TakeUntil(_end).AsObservable();
        Changes = Events.OfType<JobChange>();
        Scheduler = scheduler;
    }

    public override IObservable<JobEvent> Events { get; }

    public override IObservable<JobChange> Changes { get; }

    public override JobWatchHealth Health => _told.Health;

    public override IReadOnlyList<Job> UnfinishedJobs => _told.Unfinished;

    private protected override IScheduler Scheduler { get; }

    public override IObservable<Job> ObserveJob(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return Observable.Create<Job>(observer =>
        {
            // There is no list to look through: a job that the first picture does not have is not there.
            JobFollower? follower = null;
            follower = new JobFollower(new JobLookup(taskId), lookup => follower!.OnNext(new JobSought { Lookup = lookup, Job = null }), observer);
            return Events.Where(next => follower.Wants(next) && next is not WatchGap { Reason: WatchGapReason.TooManyUnfinished }).Subscribe(follower);
        });
    }

    public override async IAsyncEnumerable<JobEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Unbounded: a script is as long as its author made it.
        var events = Channel.CreateUnbounded<JobEvent>(new UnboundedChannelOptions { SingleReader = true });
        using var subscription = Events.Subscribe(
            next => events.Writer.TryWrite(next),
            error => events.Writer.TryComplete(error),
            () => events.Writer.TryComplete());
        await foreach (var next in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_end.IsCompleted)
            {
                yield break;
            }

            yield return next;
        }
    }

    public override Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return ProcessAsync((next, token) => next is PollFailed or PollCompleted ? ValueTask.CompletedTask : handler(next, token), cancellationToken);
    }

    public override Task ProcessWithPollsAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return ProcessAsync(handler, cancellationToken);
    }

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
