using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Watching;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams;

/// <summary>The change feed of a KooDrive account: polls the list of jobs and tells what happens to them.</summary>
/// <remarks>
/// <para>
/// It polls while somebody subscribes, once however many do; waiting for a job or reading the events is subscribing too. When nobody does it
/// rests, and when somebody comes again it looks again before it tells. Whoever comes gets the present state first (a <see cref="JobListed"/> for
/// each job that is retained, then <see cref="WatchSynced"/>) and everything that happens afterwards: nothing is lost, nothing told twice.
/// </para>
/// <para>
/// Observers are called one event at a time, in order, on the watch's scheduler, with no lock held. Each has a buffer of its own
/// (<see cref="JobWatchOptions.SubscriberBufferCapacity"/>): a slow one holds nobody up and, if it overflows, gets a <see cref="WatchGap"/> and the present
/// state. One that throws is dropped and reported (<see cref="ObserverDropped"/>); the watch and the others go on.
/// </para>
/// <para>
/// A failed poll is an event (<see cref="PollFailed"/>), and the watch polls again. Non-transient errors (<see cref="JobWatchServices.IsFatal"/>) end the
/// subscriptions, after the first success only when they persist for <see cref="JobWatchOptions.FatalErrorGracePeriod"/>. A new subscription makes the watch
/// poll again, after the same delay.
/// </para>
/// <para>
/// Safe for use by many threads at once. For tests, <see cref="FromEvents(IEnumerable{JobEvent})"/> makes a watch of a script; members are virtual, and a
/// protected constructor makes a watch without a server, for fakes of one's own.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(10) });
///
/// using var alerts = watch.Changes.WhereJustFailed().Subscribe(change => Console.WriteLine(change.Job));
///
/// Job done = await watch.WaitForFinishAsync(taskId, TimeSpan.FromMinutes(30));
/// </code>
/// </example>
[DebuggerDisplay("{ToString(),nq}")]
public class JobWatch : IAsyncDisposable, IDisposable
{
    private readonly WatchEngine? _engine;

    /// <summary>A watch without a server, for fakes that override what their tests use. The rest throws.</summary>
    protected JobWatch()
    {
    }

    internal JobWatch(WatchEngine engine)
    {
        _engine = engine;
        engine.Dropped = error => ObserverDropped?.Invoke(this, new ObserverDroppedEventArgs(error));
    }

    /// <summary>Raised on the observer's thread after an observer threw and was dropped.</summary>
    public event EventHandler<ObserverDroppedEventArgs>? ObserverDropped;

    /// <summary>Everything, in order.</summary>
    /// <remarks>
    /// Completes when the watch is disposed of. A subscriber that is there before the first poll gets every job of the list as
    /// <see cref="JobListed"/>, a later one those that are retained.
    /// </remarks>
    public virtual IObservable<JobEvent> Events => Observable.Create<JobEvent>(observer => Engine.Subscribe(observer));

    /// <summary>What happens to jobs: added, changed, vanished. What a completion alert subscribes to.</summary>
    /// <remarks>
    /// News only: what was there at the beginning is in <see cref="Events"/>, and so is a <see cref="WatchGap"/>, should changes have been missed.
    /// </remarks>
    public virtual IObservable<JobChange> Changes => Observable.Create<JobChange>(observer => Engine.Subscribe(observer));

    /// <summary>How the watch is doing.</summary>
    public virtual JobWatchHealth Health => Engine.Health;

    /// <summary>The jobs that had not finished at the last completed poll, oldest first; empty before the first.</summary>
    public virtual IReadOnlyList<Job> UnfinishedJobs => Engine.Unfinished;

    /// <summary>The clock of timeouts.</summary>
    private protected virtual IScheduler Scheduler => Engine.Scheduler;

    /// <summary>How long no poll has succeeded although nothing held it up; null while the watch rests.</summary>
    internal TimeSpan? Overdue => _engine?.Telemetry.Overdue;

    /// <summary>Whether the watch polls and no poll has completed yet.</summary>
    internal bool AwaitsFirstPoll => _engine?.Telemetry is { AwaitsFirstPoll: true, Overdue: not null };

    /// <summary>Whether the next poll waits for a handler with a checkpoint.</summary>
    internal bool AwaitsHandler => _engine?.AwaitsAcknowledgement ?? false;

    private WatchEngine Engine => _engine ?? throw new NotSupportedException("A fake must override this member: there is no server behind it.");

    /// <summary>A watch that tells a script, without a server: for tests of code that watches jobs.</summary>
    /// <param name="events">
    /// The events, in order. Read anew by each subscription, lazily and on its thread, before <c>Subscribe</c> returns: an iterator may throw, which ends
    /// the subscription with its exception, or run code of the test in between.
    /// </param>
    /// <remarks>
    /// After the last event it completes, as if it had been disposed of then. <see cref="ObserveJob"/> and what waits for a job see the script alone: a job
    /// that was not told before <see cref="WatchSynced"/> is not found. <see cref="Health"/> and <see cref="UnfinishedJobs"/> follow the events told. A
    /// checkpoint store is neither read nor written.
    /// </remarks>
    /// <example>
    /// <code>
    /// var running = new Job { TaskId = "1", Status = JobStatus.Processing };
    /// JobWatch watch = JobWatch.FromEvents(
    ///     new JobAdded { Job = running },
    ///     new JobChanged { Job = running with { Status = JobStatus.Completed, Result = JobResult.AllSucceeded }, Previous = running });
    /// </code>
    /// </example>
    public static JobWatch FromEvents(params IEnumerable<JobEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return new ScriptedJobWatch(events.ToObservable(ImmediateScheduler.Instance), DefaultScheduler.Instance);
    }

    /// <summary>Creates a watch without a server that publishes the events of an observable: a subject, or one in virtual time.</summary>
    /// <param name="events">The events. Each subscription to the watch subscribes to it, and ends as it does.</param>
    /// <param name="scheduler">The clock of timeouts; null for the system's.</param>
    /// <remarks>
    /// <see cref="ObserveJob"/> and the methods that wait for a job use these events alone: a job without an event before <see cref="WatchSynced"/> is not found.
    /// <see cref="Health"/> and <see cref="UnfinishedJobs"/> follow the events. A checkpoint store is neither read nor written.
    /// </remarks>
    public static JobWatch FromEvents(IObservable<JobEvent> events, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        return new ScriptedJobWatch(events, scheduler ?? DefaultScheduler.Instance);
    }

    /// <summary>
    /// One job: its present state, then each further one. Completes when the job has finished, or when the watch is disposed of; fails with a
    /// <see cref="JobNotFoundException"/> when the job is not listed within <see cref="JobWatchOptions.NotFoundGracePeriod"/>, or when it vanishes.
    /// </summary>
    /// <param name="taskId">The task id. It may be of a job that finished long ago: the list is looked through for it.</param>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    public virtual IObservable<Job> ObserveJob(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return Observable.Create<Job>(observer =>
        {
            var lookup = new JobLookup(taskId);
            var follower = new JobFollower(lookup, Engine.Ask, observer);
            return StableCompositeDisposable.Create(
                Engine.Subscribe(follower, follower.Wants),
                Disposable.Create(() => Engine.Withdraw(lookup)));
        });
    }

    /// <summary>Waits until a job has finished, with whatever result.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="JobNotFoundException">
    /// The job was not listed within <see cref="JobWatchOptions.NotFoundGracePeriod"/>, or it vanished.
    /// </exception>
    /// <exception cref="JobsException">The watch failed of something that waiting cannot mend.</exception>
    /// <exception cref="ObjectDisposedException">The watch is disposed.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, CancellationToken cancellationToken = default) =>
        FinishedAsync(ObserveJob(taskId).LastOrDefaultAsync(), cancellationToken);

    /// <summary>Waits until a job has finished, with whatever result, but no longer than a timeout.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="timeout">
    /// How long to wait, by the watch's scheduler and regardless of changes of the wall clock: 0 to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="TimeoutException">The job had not finished in time.</exception>
    /// <exception cref="JobNotFoundException">The job was not listed within <see cref="JobWatchOptions.NotFoundGracePeriod"/>, or it vanished.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    /// <exception cref="ObjectDisposedException">The watch is disposed.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return WaitForFinishAsync(taskId, cancellationToken);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromDays(24));
        Job? last = null;
        var late = Observable.Defer(() => Observable.Throw<Job?>(new TimeoutException(
            $"Job {taskId} had not finished within {timeout}. {(last is null ? "It was not seen." : $"It was last seen as: {last}")}")));
        return FinishedAsync(ObserveJob(taskId).Do(job => last = job).LastOrDefaultAsync().Timeout(timeout, late, Scheduler), cancellationToken);
    }

    /// <summary>Waits until the present state is known: until the next poll succeeds, or not at all while others keep the watch polling.</summary>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="JobsException">The watch failed of something that waiting cannot mend.</exception>
    /// <exception cref="ObjectDisposedException">The watch is disposed.</exception>
    public virtual Task WaitForSyncAsync(CancellationToken cancellationToken = default) =>
        Events.OfType<WatchSynced>().FirstOrDefaultAsync().Select(synced => synced ?? throw Disposed()).ToDetachedTask(cancellationToken);

    /// <summary>Everything, in order, for <c>await foreach</c>: one event at a time, the next when the loop's body is done with the last.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// Each enumeration is a subscription of its own, with the same buffer as an observer's: a body that is too slow for it gets a
    /// <see cref="WatchGap"/>, and the present state. Ends when the watch is disposed of.
    /// </remarks>
    /// <exception cref="JobsException">The watch failed of something that waiting cannot mend.</exception>
    public virtual IAsyncEnumerable<JobEvent> ReadEventsAsync(CancellationToken cancellationToken = default) => Engine.ReadAsync(cancellationToken);

    /// <summary>
    /// Calls a handler for everything, in order, the next time when what it returned has completed: what <c>Subscribe(async …)</c> seems to do,
    /// and does not.
    /// </summary>
    /// <param name="handler">The handler. What it throws ends the processing, and the returned task.</param>
    /// <param name="cancellationToken">Ends the processing with an <see cref="OperationCanceledException"/>; handed to the handler.</param>
    /// <returns>Completes when the watch is disposed of, without waiting for a handler that disposed of it itself.</returns>
    /// <remarks>
    /// Like a loop over <see cref="ReadEventsAsync"/>, so that slow handlers get a <see cref="WatchGap"/>, but <see cref="DisposeAsync"/> waits
    /// until the handler has returned.
    /// </remarks>
    /// <exception cref="JobsException">The watch failed of something that waiting cannot mend.</exception>
    public virtual async Task ProcessAsync(Func<JobEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_engine is not null)
        {
            await _engine.ProcessAsync(handler, cancellationToken).ConfigureAwait(false);
            return;
        }

        await foreach (var next in ReadEventsAsync(cancellationToken).ConfigureAwait(false))
        {
            await handler(next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Calls an awaited handler for each change, in order and one at a time: <see cref="ProcessAsync(Func{JobEvent, CancellationToken, ValueTask}, CancellationToken)"/>
    /// for changes alone.
    /// </summary>
    /// <param name="handler">The handler. What it throws ends the subscription, and the returned task. It may dispose of the watch, and await it.</param>
    /// <param name="cancellationToken">Ends the subscription with an <see cref="OperationCanceledException"/>; handed to the handler.</param>
    /// <returns>Completes when the watch is disposed of, without waiting for a handler that disposed of it itself.</returns>
    /// <remarks>As in <see cref="Changes"/>, a <see cref="WatchGap"/> of a handler that is too slow is not told here.</remarks>
    /// <exception cref="JobsException">The watch failed of something that waiting cannot mend.</exception>
    public virtual Task SubscribeAsync(Func<JobChange, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return ProcessAsync((next, token) => next is JobChange change ? handler(change, token) : ValueTask.CompletedTask, cancellationToken);
    }

    /// <summary>
    /// Calls a handler for each event about jobs, in order and one at a time, and resumes from a checkpoint, so that changes that occurred while no process ran
    /// are delivered too. The handler's return is the acknowledgement; after every event of a poll was acknowledged the checkpoint is written, and only then
    /// comes the next poll.
    /// </summary>
    /// <param name="handler">
    /// The handler. It gets jobs (<see cref="JobListed"/>, <see cref="JobChange"/>), <see cref="WatchSynced"/> and <see cref="WatchGap"/>. What
    /// it has not acknowledged it gets again after a restart, so it must bear to see an event twice. What it throws ends the processing.
    /// </param>
    /// <param name="store">The checkpoint. It belongs to this consumer alone.</param>
    /// <param name="cancellationToken">Ends the processing with an <see cref="OperationCanceledException"/>; handed to the handler.</param>
    /// <returns>Completes when the watch is disposed of.</returns>
    /// <remarks>
    /// Starts the watch afresh from the checkpoint, so it comes before other subscribers; those that come while it runs share its polls, at its
    /// pace. A watch whose processing has ended can be processed again once nobody subscribes.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Somebody subscribes already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">The checkpoint is damaged, or not of this watch; it says how to start afresh.</exception>
    /// <exception cref="JobsException">The watch failed of something that waiting cannot mend.</exception>
    public virtual Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return new DurableConsumer(Engine, handler, store).RunAsync(cancellationToken);
    }

    /// <summary>Processes durably with a decision about failed saves, and calls an action when it has subscribed, so that others may.</summary>
    internal Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler,
        IJobCheckpointStore store,
        SaveCheckpoint save,
        Action subscribed,
        CancellationToken cancellationToken)
    {
        if (_engine is not null)
        {
            return new DurableConsumer(_engine, handler, store, subscribed) { Save = save }.RunAsync(cancellationToken);
        }

        // A fake has no polls that others could share.
        subscribed();
        return ProcessAsync(handler, store, cancellationToken);
    }

    /// <summary>
    /// Calls a handler for every event, in order and one at a time, and resumes from a checkpoint:
    /// <see cref="ProcessAsync(Func{JobEvent, CancellationToken, ValueTask}, IJobCheckpointStore, CancellationToken)"/> with the outcome of each poll.
    /// </summary>
    /// <param name="handler">
    /// The handler. It gets a <see cref="PollCompleted"/> when the checkpoint of that poll is written, and a <see cref="PollFailed"/> for each failed poll. It
    /// must be idempotent: after a restart it gets again what it has not acknowledged. An exception that it throws ends the processing.
    /// </param>
    /// <param name="store">The checkpoint. It belongs to this consumer alone.</param>
    /// <param name="cancellationToken">Ends the processing with an <see cref="OperationCanceledException"/>; passed to the handler.</param>
    /// <returns>Completes when the watch is disposed of.</returns>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointException">The checkpoint is damaged, or not of this watch; the message states how to start again.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task ProcessWithPollsAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return new DurableConsumer(Engine, handler, store) { TellsPolls = true }.RunAsync(cancellationToken);
    }

    /// <summary>Returns a line for logs and debuggers: the watched type, the number of polls and of failures in a row.</summary>
    public override string ToString()
    {
        if (_engine is null)
        {
            return "Jobs without a server";
        }

        JobWatchHealth health = _engine.Health;
        string jobs = _engine.Type is { } type ? $"Jobs of type {type}" : "All jobs";
        string failures = health.ConsecutiveFailures == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {health.ConsecutiveFailures} failures in a row");
        return string.Create(CultureInfo.InvariantCulture, $"{jobs}, {health.Polls} polls{failures}");
    }

    /// <summary>Ends the watch: observers get <c>OnCompleted</c>, waiters an <see cref="ObjectDisposedException"/>, and polls stop.</summary>
    /// <remarks>Does not wait; <see cref="DisposeAsync"/> does.</remarks>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Ends the watch. When it completes no request is in flight, and nothing is told any more: an observer or handler that is being called has
    /// returned, unless this is called by one, or by what one has started. It may be awaited in any handler.
    /// </summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.Close().ConfigureAwait(false);
        }

        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the watch without waiting.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/> or <see cref="DisposeAsync"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = _engine?.Close();
        }
    }

    // Disposing of the watch completes it before the job has finished.
    private Task<Job> FinishedAsync(IObservable<Job?> last, CancellationToken cancellationToken) =>
        last.Select(job => job is { IsFinished: true } ? job : throw Disposed()).ToDetachedTask(cancellationToken);

    private ObjectDisposedException Disposed() => new(GetType().FullName);
}
