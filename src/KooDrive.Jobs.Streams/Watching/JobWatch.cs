using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Watching;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams;

/// <summary>The change feed of a KooDrive account: polls the list of jobs and publishes the changes.</summary>
/// <remarks>
/// <para>
/// The watch polls while it has subscribers, and all subscribers share each poll. Waiting for a job and reading the events are subscriptions too. Without
/// subscribers, the watch is idle; when it resumes, it polls before it publishes any event. Each subscriber first receives the current snapshot (a <see cref="JobListed"/> for
/// each retained job, then <see cref="WatchSynced"/>) and then every later event once.
/// </para>
/// <para>
/// Observers are called one event at a time, in order, on the scheduler of the watch, with no lock held. Each subscriber has its own buffer
/// (<see cref="JobWatchOptions.SubscriberBufferCapacity"/>): a slow subscriber delays no other subscriber; when its buffer overflows, it receives a
/// <see cref="WatchGap"/> and the current snapshot. An observer that throws is dropped and reported (<see cref="ObserverDropped"/>); the watch and the other
/// subscribers continue.
/// </para>
/// <para>
/// The watch publishes a <see cref="PollFailed"/> event for a failed poll and polls again. Non-transient errors (<see cref="JobWatchServices.IsFatal"/>) end
/// the subscriptions, after the first success only when they persist for <see cref="JobWatchOptions.FatalErrorGracePeriod"/>. A new subscription makes the
/// watch poll again, after the same delay.
/// </para>
/// <para>
/// Safe for concurrent use. For tests, <see cref="FromEvents(IEnumerable{JobEvent})"/> creates a watch without a server; the members are virtual, and a
/// protected constructor supports custom fakes.
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

    /// <summary>Creates a watch without a server, for fakes.</summary>
    /// <remarks>Members that the fake does not override throw a <see cref="NotSupportedException"/>.</remarks>
    protected JobWatch()
    {
    }

    internal JobWatch(WatchEngine engine)
    {
        _engine = engine;
        engine.Dropped = exception => ObserverDropped?.Invoke(this, new ObserverDroppedEventArgs(exception));
    }

    /// <summary>Raised on the observer's thread after an observer threw and was dropped.</summary>
    public event EventHandler<ObserverDroppedEventArgs>? ObserverDropped;

    /// <summary>Every event, in order.</summary>
    /// <remarks>
    /// Completes when the watch is disposed. A subscriber before the first poll receives every job of the list as <see cref="JobListed"/>, a later subscriber
    /// the retained jobs.
    /// </remarks>
    public virtual IObservable<JobEvent> Events => Observable.Create<JobEvent>(observer => Engine.Subscribe(observer));

    /// <summary>The changes of jobs, in order: added, changed and vanished jobs.</summary>
    /// <remarks>The initial snapshot and <see cref="WatchGap"/>s, which report that changes may have been missed, are in <see cref="Events"/> only.</remarks>
    public virtual IObservable<JobChange> Changes => Observable.Create<JobChange>(observer => Engine.Subscribe(observer));

    /// <summary>The health of the watch at this moment.</summary>
    public virtual JobWatchHealth Health => Engine.Health;

    /// <summary>The unfinished jobs of the last completed poll, oldest first; empty before the first poll.</summary>
    public virtual IReadOnlyList<Job> UnfinishedJobs => Engine.Unfinished;

    /// <summary>The clock of timeouts.</summary>
    private protected virtual IScheduler Scheduler => Engine.Scheduler;

    /// <summary>The time without a successful poll, not counting waits for a handler; null while the watch is idle.</summary>
    internal TimeSpan? Overdue => _engine?.Telemetry.Overdue;

    /// <summary>Whether the watch polls and no poll has completed yet.</summary>
    internal bool AwaitsFirstPoll => _engine?.Telemetry is { AwaitsFirstPoll: true, Overdue: not null };

    /// <summary>Whether the next poll waits for a handler with a checkpoint.</summary>
    internal bool AwaitsHandler => _engine?.AwaitsAcknowledgment ?? false;

    private WatchEngine Engine => _engine ?? throw new NotSupportedException("The fake does not override this member, and has no server. Override it.");

    /// <summary>Creates a watch without a server that publishes a sequence of events, for tests of code that watches jobs.</summary>
    /// <param name="events">
    /// The events, in order. Each subscription enumerates the events lazily, on the subscribing thread, before <c>Subscribe</c> returns. An iterator may run code of the test
    /// between the events; an exception that it throws ends the subscription.
    /// </param>
    /// <remarks>
    /// The watch completes after the last event. <see cref="ObserveJob"/> and the methods that wait for a job use these events alone: a job without an event
    /// before <see cref="WatchSynced"/> is not found. <see cref="Health"/> and <see cref="UnfinishedJobs"/> reflect the published events. A checkpoint store
    /// is neither read nor written.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is null.</exception>
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
        return new FakeJobWatch(events.ToObservable(ImmediateScheduler.Instance), DefaultScheduler.Instance);
    }

    /// <summary>Creates a watch without a server that publishes the events of an observable, such as a subject or an observable in virtual time.</summary>
    /// <param name="events">The events. Each subscription to the watch subscribes to the observable, and ends when the observable completes or fails.</param>
    /// <param name="scheduler">The clock of timeouts; null (the default) means <see cref="DefaultScheduler.Instance"/>.</param>
    /// <remarks>
    /// <see cref="ObserveJob"/> and the methods that wait for a job use these events alone: a job without an event before <see cref="WatchSynced"/> is not found.
    /// <see cref="Health"/> and <see cref="UnfinishedJobs"/> reflect the published events. A checkpoint store is neither read nor written.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is null.</exception>
    public static JobWatch FromEvents(IObservable<JobEvent> events, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        return new FakeJobWatch(events, scheduler ?? DefaultScheduler.Instance);
    }

    /// <summary>Returns the current state of one job and each later state, until the job has finished.</summary>
    /// <param name="taskId">The task id. The watch reads the whole list for a job that finished long ago.</param>
    /// <returns>
    /// The states of the job. Completes when the job has finished or the watch is disposed; fails with a <see cref="JobNotFoundException"/> when the job is not
    /// listed within <see cref="JobWatchOptions.NotFoundGracePeriod"/>, or vanishes, and with the error of the watch when a non-transient error ends it.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    public virtual IObservable<Job> ObserveJob(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return Observable.Create<Job>(observer =>
        {
            var lookup = new JobLookup(taskId);
            var single = new SingleJobObserver(lookup, Engine.RequestLookup, observer);
            return StableCompositeDisposable.Create(
                Engine.Subscribe(single, single.Accepts),
                Disposable.Create(() => Engine.CancelLookup(lookup)));
        });
    }

    /// <summary>Waits until a job has finished, with any result.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="JobNotFoundException">
    /// The job was not listed within <see cref="JobWatchOptions.NotFoundGracePeriod"/>, or it vanished.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    /// <exception cref="ObjectDisposedException">The watch is disposed.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, CancellationToken cancellationToken = default) =>
        FinishedAsync(ObserveJob(taskId).LastOrDefaultAsync(), cancellationToken);

    /// <summary>Waits until a job has finished, with any result, or a timeout elapses.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="timeout">
    /// The timeout, 0 to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>. The scheduler of the watch measures it; changes of the wall clock do not affect it.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="TimeoutException">The job had not finished within the timeout.</exception>
    /// <exception cref="JobNotFoundException">The job was not listed within <see cref="JobWatchOptions.NotFoundGracePeriod"/>, or it vanished.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
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
        IObservable<Job?> late = Observable.Defer(() => Observable.Throw<Job?>(new TimeoutException(
            $"Job {taskId} had not finished within {timeout}. {(last is null ? "The job was not observed." : $"Its last observed state is: {last}.")} Wait again, or increase the timeout.")));
        return FinishedAsync(ObserveJob(taskId).Do(job => last = job).LastOrDefaultAsync().Timeout(timeout, late, Scheduler), cancellationToken);
    }

    /// <summary>Waits until the current snapshot is complete.</summary>
    /// <remarks>Waits for the next successful poll when the watch is idle; completes without a poll when other subscribers keep the watch polling.</remarks>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    /// <exception cref="ObjectDisposedException">The watch is disposed.</exception>
    public virtual Task WaitForSyncAsync(CancellationToken cancellationToken = default) =>
        Events.OfType<WatchSynced>().FirstOrDefaultAsync().Select(synced => synced ?? throw Disposed()).ToDetachedTask(cancellationToken);

    /// <summary>Returns every event, in order, for <c>await foreach</c>.</summary>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>The events. The enumeration ends when the watch is disposed.</returns>
    /// <remarks>
    /// Each enumeration is a separate subscription with its own buffer: when the body of the loop is so slow that the buffer overflows, the enumeration returns a
    /// <see cref="WatchGap"/> and the current snapshot.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The enumeration was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual IAsyncEnumerable<JobEvent> ReadEventsAsync(CancellationToken cancellationToken = default) => Engine.ReadAsync(cancellationToken);

    /// <summary>Calls an asynchronous handler for every event, in order and one at a time, until the watch is disposed.</summary>
    /// <param name="handler">The handler. An exception that it throws ends the processing. It may dispose the watch and await the disposal.</param>
    /// <param name="cancellationToken">Cancels the processing; passed to the handler.</param>
    /// <returns>A task that completes when the watch is disposed, without waiting for a handler that disposes the watch itself.</returns>
    /// <remarks>
    /// <c>Subscribe</c> with an asynchronous lambda does not await the lambda; this method does. A slow handler receives a <see cref="WatchGap"/> as in
    /// <see cref="ReadEventsAsync"/>. <see cref="DisposeAsync"/> waits until the handler has returned.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The processing was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual async Task ProcessAsync(Func<JobEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_engine is not null)
        {
            await _engine.ProcessAsync(handler, cancellationToken).ConfigureAwait(false);
            return;
        }

        await foreach (JobEvent next in ReadEventsAsync(cancellationToken).ConfigureAwait(false))
        {
            await handler(next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Calls an asynchronous handler for each change, in order and one at a time, until the watch is disposed.</summary>
    /// <param name="handler">The handler. An exception that it throws ends the processing. It may dispose the watch and await the disposal.</param>
    /// <param name="cancellationToken">Cancels the processing; passed to the handler.</param>
    /// <returns>A task that completes when the watch is disposed, without waiting for a handler that disposes the watch itself.</returns>
    /// <remarks>
    /// The handler does not receive the <see cref="WatchGap"/> of an overflow; use
    /// <see cref="ProcessAsync(Func{JobEvent, CancellationToken, ValueTask}, CancellationToken)"/> to receive every event. <see cref="DisposeAsync"/> waits
    /// until the handler has returned.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The processing was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task ProcessChangesAsync(Func<JobChange, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return ProcessAsync((next, token) => next is JobChange change ? handler(change, token) : ValueTask.CompletedTask, cancellationToken);
    }

    /// <summary>Calls an asynchronous handler for each event about jobs, in order and one at a time, and resumes from a checkpoint.</summary>
    /// <param name="handler">
    /// The handler. It receives jobs (<see cref="JobListed"/>, <see cref="JobChange"/>), <see cref="WatchSynced"/> and <see cref="WatchGap"/>. It must be
    /// idempotent: after a restart it receives again the events that were not acknowledged. An exception that it throws ends the processing.
    /// </param>
    /// <param name="store">The store of the checkpoint, which belongs to this consumer alone.</param>
    /// <param name="cancellationToken">Cancels the processing; passed to the handler.</param>
    /// <returns>A task that completes when the watch is disposed.</returns>
    /// <remarks>
    /// <para>
    /// Changes that occurred while no process ran are delivered too. The return of the handler acknowledges the event. The watch saves the checkpoint after every
    /// event of a poll has been acknowledged, and then starts the next poll. After a restart, the handler receives the unfinished jobs again, but no final state that
    /// it has already acknowledged.
    /// </para>
    /// <para>
    /// The processing starts the watch from the checkpoint and therefore must start before any other subscription. Later subscribers share the polls, which wait
    /// for this handler. After the processing has ended, it can start again when the watch has no subscribers.
    /// </para>
    /// <para>
    /// A failed save of the checkpoint is retried with the defaults of <see cref="JobProcessingOptions"/>. The polls wait meanwhile. When the last retry fails,
    /// its exception ends the processing.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="store"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">
    /// The checkpoint is damaged or belongs to a watch with other options; the message states how to start again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The processing was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default) =>
        ProcessAsync(handler, store, options: null, cancellationToken);

    /// <summary>
    /// Calls an asynchronous handler for each event about jobs, in order and one at a time, and resumes from a checkpoint that is saved with the given retries.
    /// </summary>
    /// <param name="handler">
    /// The handler. It receives jobs (<see cref="JobListed"/>, <see cref="JobChange"/>), <see cref="WatchSynced"/> and <see cref="WatchGap"/>. It must be
    /// idempotent: after a restart it receives again the events that were not acknowledged. An exception that it throws ends the processing.
    /// </param>
    /// <param name="store">The store of the checkpoint, which belongs to this consumer alone.</param>
    /// <param name="options">The retries of a failed save; null for the defaults. Later changes have no effect.</param>
    /// <param name="cancellationToken">Cancels the processing, including a delay before a retry; passed to the handler and the store.</param>
    /// <returns>A task that completes when the watch is disposed.</returns>
    /// <remarks>
    /// While a save is retried, the polls wait, and no event is delivered. When the last retry fails, its exception ends the processing, and the events since the
    /// last saved checkpoint are delivered again after a restart. Disposal of the watch ends a delay before a retry without another attempt.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="store"/> is null.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">
    /// The checkpoint is damaged or belongs to a watch with other options; the message states how to start again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The processing was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler,
        IJobCheckpointStore store,
        JobProcessingOptions? options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return new DurableConsumer(Engine, handler, store, Saves(store, options)).RunAsync(cancellationToken);
    }

    /// <summary>
    /// Polls once, calls an asynchronous handler for each event about jobs since the checkpoint, saves the checkpoint, and returns, for use in cron jobs and
    /// serverless functions.
    /// </summary>
    /// <param name="handler">
    /// The handler. It receives jobs (<see cref="JobListed"/>, <see cref="JobChange"/>), <see cref="WatchSynced"/> and <see cref="WatchGap"/>. It must be
    /// idempotent: when a call fails, the next call delivers its events again. An exception that it throws ends the call.
    /// </param>
    /// <param name="store">The store of the checkpoint, which belongs to this consumer alone. Without a checkpoint, every job of the list is delivered.</param>
    /// <param name="cancellationToken">Cancels the poll; passed to the handler and the store.</param>
    /// <returns>A task that completes when the checkpoint was saved.</returns>
    /// <remarks>
    /// A vanished job and a regression are published by the second call that observes them. The watch polls once for each call, and must have no other
    /// subscriber. A failed save of the checkpoint is retried with the defaults of <see cref="JobProcessingOptions"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="store"/> is null.</exception>
    /// <exception cref="JobsException">The poll failed. No event was delivered, and the checkpoint is unchanged.</exception>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">
    /// The checkpoint is damaged or belongs to a watch with other options; the message states how to start again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The watch was disposed before its poll completed.</exception>
    public virtual Task ProcessOnceAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default) =>
        ProcessOnceAsync(handler, store, options: null, cancellationToken);

    /// <summary>
    /// Polls once, calls an asynchronous handler for each event about jobs since the checkpoint, saves the checkpoint with the given retries, and returns, for
    /// use in cron jobs and serverless functions.
    /// </summary>
    /// <param name="handler">
    /// The handler. It receives jobs (<see cref="JobListed"/>, <see cref="JobChange"/>), <see cref="WatchSynced"/> and <see cref="WatchGap"/>. It must be
    /// idempotent: when a call fails, the next call delivers its events again. An exception that it throws ends the call.
    /// </param>
    /// <param name="store">The store of the checkpoint, which belongs to this consumer alone. Without a checkpoint, every job of the list is delivered.</param>
    /// <param name="options">The retries of a failed save; null for the defaults. Later changes have no effect.</param>
    /// <param name="cancellationToken">Cancels the poll and a delay before a retry; passed to the handler and the store.</param>
    /// <returns>A task that completes when the checkpoint was saved.</returns>
    /// <remarks>
    /// A vanished job and a regression are published by the second call that observes them. The watch polls once for each call, and must have no other
    /// subscriber.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="store"/> is null.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    /// <exception cref="JobsException">The poll failed. No event was delivered, and the checkpoint is unchanged.</exception>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">
    /// The checkpoint is damaged or belongs to a watch with other options; the message states how to start again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The watch was disposed before its poll completed.</exception>
    public virtual Task ProcessOnceAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler,
        IJobCheckpointStore store,
        JobProcessingOptions? options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return new DurableConsumer(Engine, handler, store, Saves(store, options)) { EndsAfterPoll = true }.RunAsync(cancellationToken);
    }

    /// <summary>Processes durably with a decision about failed saves, and calls an action when other subscriptions can start.</summary>
    internal Task ProcessAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler,
        IJobCheckpointStore store,
        SaveCheckpoint save,
        Action subscribed,
        CancellationToken cancellationToken)
    {
        if (_engine is not null)
        {
            return new DurableConsumer(_engine, handler, store, save, subscribed).RunAsync(cancellationToken);
        }

        // A fake has no polls to share.
        subscribed();
        return ProcessAsync(handler, store, cancellationToken);
    }

    /// <summary>
    /// Calls an asynchronous handler for every event, including the outcome of each poll, in order and one at a time, and resumes from a checkpoint.
    /// </summary>
    /// <param name="handler">
    /// The handler. It receives a <see cref="PollCompleted"/> after the checkpoint of that poll was saved, and a <see cref="PollFailed"/> for each failed
    /// poll. It must be idempotent: after a restart it receives again the events that were not acknowledged. An exception that it throws ends the processing.
    /// </param>
    /// <param name="store">The store of the checkpoint, which belongs to this consumer alone.</param>
    /// <param name="cancellationToken">Cancels the processing; passed to the handler.</param>
    /// <returns>A task that completes when the watch is disposed.</returns>
    /// <remarks>
    /// The processing starts the watch from the checkpoint and therefore must start before any other subscription. Later subscribers share the polls, which wait
    /// for this handler. A failed save of the checkpoint is retried with the defaults of <see cref="JobProcessingOptions"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="store"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">
    /// The checkpoint is damaged or belongs to a watch with other options; the message states how to start again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The processing was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task ProcessWithPollsAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, CancellationToken cancellationToken = default) =>
        ProcessWithPollsAsync(handler, store, options: null, cancellationToken);

    /// <summary>
    /// Calls an asynchronous handler for every event, including the outcome of each poll, in order and one at a time, and resumes from a checkpoint that is saved
    /// with the given retries.
    /// </summary>
    /// <param name="handler">
    /// The handler. It receives a <see cref="PollCompleted"/> after the checkpoint of that poll was saved, and a <see cref="PollFailed"/> for each failed
    /// poll. It must be idempotent: after a restart it receives again the events that were not acknowledged. An exception that it throws ends the processing.
    /// </param>
    /// <param name="store">The store of the checkpoint, which belongs to this consumer alone.</param>
    /// <param name="options">The retries of a failed save; null for the defaults. Later changes have no effect.</param>
    /// <param name="cancellationToken">Cancels the processing, including a delay before a retry; passed to the handler and the store.</param>
    /// <returns>A task that completes when the watch is disposed.</returns>
    /// <remarks>
    /// For the retries, see
    /// <see cref="ProcessAsync(Func{JobEvent, CancellationToken, ValueTask}, IJobCheckpointStore, JobProcessingOptions, CancellationToken)"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="store"/> is null.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    /// <exception cref="InvalidOperationException">The watch has a subscriber already.</exception>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the checkpoint.</exception>
    /// <exception cref="JobCheckpointException">
    /// The checkpoint is damaged or belongs to a watch with other options; the message states how to start again.
    /// </exception>
    /// <exception cref="OperationCanceledException">The processing was canceled.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task ProcessWithPollsAsync(
        Func<JobEvent, CancellationToken, ValueTask> handler,
        IJobCheckpointStore store,
        JobProcessingOptions? options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(store);
        return new DurableConsumer(Engine, handler, store, Saves(store, options)) { DeliversPolls = true }.RunAsync(cancellationToken);
    }

    /// <summary>Returns a line for logs and debuggers: the watched type, the number of polls and of consecutive failures.</summary>
    public override string ToString()
    {
        if (_engine is null)
        {
            return "Jobs without a server";
        }

        JobWatchHealth health = _engine.Health;
        string jobs = _engine.Type is { } type ? $"Jobs of type {type}" : "All jobs";
        string failures = health.ConsecutiveFailureCount == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {health.ConsecutiveFailureCount} failures in a row");
        return string.Create(CultureInfo.InvariantCulture, $"{jobs}, {health.PollCount} polls{failures}");
    }

    /// <summary>Stops the polls, completes the observers, and fails waiting calls with an <see cref="ObjectDisposedException"/>.</summary>
    /// <remarks>Does not wait for requests in flight and running handlers; <see cref="DisposeAsync"/> does.</remarks>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the polls, completes the observers, and waits until no request is in flight and no observer or handler runs.</summary>
    /// <returns>A task that completes when the watch has ended.</returns>
    /// <remarks>
    /// Can be awaited in an observer or handler of the watch, and in code that one of them has started: then the task does not wait for observers and handlers.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsyncCore().ConfigureAwait(false);
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the polls and waits until no request is in flight and no observer or handler runs.</summary>
    /// <returns>A task that completes when the watch has ended.</returns>
    protected virtual ValueTask DisposeAsyncCore() => _engine is null ? ValueTask.CompletedTask : new ValueTask(_engine.Close());

    /// <summary>Ends the watch without waiting.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/> or <see cref="DisposeAsync"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = _engine?.Close();
        }
    }

    private SaveCheckpoint Saves(IJobCheckpointStore store, JobProcessingOptions? options) =>
        Engine.CreateSaves(store, (options ?? new JobProcessingOptions()).Validated(nameof(options))).SaveAsync;

    // Disposal of the watch completes the states before the job has finished.
    private Task<Job> FinishedAsync(IObservable<Job?> last, CancellationToken cancellationToken) =>
        last.Select(job => job is { IsFinished: true } ? job : throw Disposed()).ToDetachedTask(cancellationToken);

    private ObjectDisposedException Disposed() => new(GetType().FullName);
}
