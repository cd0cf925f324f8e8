using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing;
using KooDrive.Jobs.Streams.Watching.Delivery;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>Composes the parts of a watch: the first subscriber starts the polls, and the last subscriber that unsubscribes stops them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor handle.")]
internal sealed class WatchEngine : ISubscriberHost
{
    private readonly AsyncLocal<bool> _isInHandler = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Func<TrackerState?, IJobPoller> _createPoller;
    private readonly ILogger _logger;
    private readonly PollCycle _cycle;
    private readonly PollLoop _loop;
    private readonly JobLookups _lookups;
    private long _dropped;

    public WatchEngine(
        JobWatchOptions options,
        JobWatchServices services,
        Func<TrackerState?, IJobPoller> createPoller,
        Func<IAsyncEnumerable<Job>> list,
        Func<double> random,
        ILogger logger,
        ClientTelemetry? telemetry = null)
    {
        Type = options.Type;
        IScheduler scheduler = services.Scheduler;
        var clock = new WatchClock(scheduler);
        Telemetry = new WatchTelemetry(telemetry ??= ClientTelemetry.None, options.Type, clock);
        Scheduler = scheduler;
        _createPoller = createPoller;
        _logger = logger;
        _lookups = new JobLookups(list, clock, options.NotFoundGracePeriod);
        Hub = new EventHub(options.SubscriberBufferCapacity, () =>
        {
            Telemetry.RecordGap(WatchGapReason.SlowSubscriber);
            WatchLog.SubscriberOverflowed(logger, options.SubscriberBufferCapacity);
        });
        var fatalErrors = new FatalErrors(options.FatalErrorGracePeriod, services.IsFatal, clock, logger);
        var log = new PollLog(logger, telemetry.Server, options.PollInterval);
        var schedule = new PollSchedule(options, random);
        _cycle = new PollCycle(clock, Hub, _lookups, schedule, fatalErrors, log, logger, Telemetry)
        {
            Poller = createPoller(null),
        };
        _loop = new PollLoop(scheduler, clock, Hub, _cycle, Telemetry) { FirstDelay = schedule.BeforeFirst() };
    }

    /// <summary>Creates the parts of a watch.</summary>
    /// <param name="fetch">Requests a page.</param>
    /// <param name="fetchTop">Requests the page with the newest jobs.</param>
    /// <param name="list">Lists the jobs that match a query, to look up single jobs.</param>
    /// <param name="options">The options, validated.</param>
    /// <param name="services">The scheduler and the policy for errors.</param>
    /// <param name="logger">The logger of failures and dropped observers.</param>
    /// <param name="telemetry">The telemetry of the client.</param>
    public static WatchEngine Create(
        FetchJobPage fetch,
        FetchTopPage fetchTop,
        Func<JobQuery, IAsyncEnumerable<Job>> list,
        JobWatchOptions options,
        JobWatchServices services,
        ILogger logger,
        ClientTelemetry telemetry)
    {
        var polling = new PollingOptions
        {
            Type = options.Type,
            PageSize = options.MaxPageSize,
            MaxRequestsPerPoll = options.MaxRequestsPerPoll,
            PollsPerFullScan = options.PollsPerFullScan,
            MaxRetainedFinishedJobs = options.MaxRetainedFinishedJobs,
            MaxUnfinishedJobs = options.MaxUnfinishedJobs,
        };
        return new WatchEngine(
            options,
            services,
            state => new JobPoller(new ClientPages(fetch, fetchTop, telemetry, polling), polling, () => services.Scheduler.Now.ToUniversalTime(), state),
            () => list(new JobQuery { Type = options.Type }),
            Random.Shared.NextDouble,
            logger,
            telemetry);
    }

    public JobType? Type { get; }

    public IScheduler Scheduler { get; }

    public EventHub Hub { get; }

    public WatchTelemetry Telemetry { get; }

    public JobWatchHealth Health
    {
        get
        {
            JobWatchHealth health = _cycle.Health;
            return health with
            {
                NextPollAt = Hub.HasNoSubscribers ? null : health.NextPollAt,
                DroppedObserverCount = Interlocked.Read(ref _dropped),
            };
        }
    }

    public IReadOnlyList<Job> Unfinished => [.. _cycle.Retained.Where(job => !job.IsFinished)];

    /// <summary>Called with the exception of an observer that was dropped.</summary>
    public Action<Exception>? Dropped { get; set; }

    public IDisposable Subscribe<T>(IObserver<T> observer, Func<T, bool>? accepts = null)
        where T : JobEvent
    {
        var drain = new ObserverDrain<T>(this, observer, accepts);
        Hub.Add(drain.Subscriber);
        _loop.Start();
        return drain;
    }

    /// <summary>Returns the events of a new subscription, one at a time.</summary>
    public async IAsyncEnumerable<JobEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EventInbox inbox = Open();
        try
        {
            while (await TakeAsync(inbox, isHandler: false, cancellationToken).ConfigureAwait(false) is { } next)
            {
                yield return next;
            }
        }
        finally
        {
            Unsubscribe(inbox.Subscriber);
        }
    }

    /// <summary>Calls a handler for each event of a new subscription, one at a time.</summary>
    public async Task ProcessAsync(Func<JobEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        EventInbox inbox = Open();
        try
        {
            await ProcessAsync(inbox, handler, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Unsubscribe(inbox.Subscriber);
        }
    }

    /// <summary>Calls a handler for each event of an inbox that the caller added and removes.</summary>
    /// <param name="inbox">The inbox.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="cancellationToken">Cancels the processing.</param>
    /// <param name="isDone">Returns whether the processing ends, called before each event; null to process until the end of the watch.</param>
    public async Task ProcessAsync(
        EventInbox inbox, Func<JobEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken, Func<bool>? isDone = null)
    {
        while (isDone?.Invoke() is not true && await TakeAsync(inbox, isHandler: true, cancellationToken).ConfigureAwait(false) is { } next)
        {
            try
            {
                using (EnterHandler())
                {
                    await handler(next, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                Hub.EndDrain();
            }
        }
    }

    /// <summary>Starts from a checkpoint, for the durable consumer whose inbox is returned. The polls wait for its acknowledgments.</summary>
    /// <exception cref="InvalidOperationException">The watch has a subscriber.</exception>
    public async Task<EventInbox> RestartAsync(TrackerState? state)
    {
        var inbox = new EventInbox(Scheduler);
        bool restarted = await _loop.TryChangeAsync(() =>
        {
            _cycle.Poller = _createPoller(state);
            _cycle.Acknowledgments.Require();
            Hub.Add(inbox.Subscriber, isCurrent: true);
            if (state is not null)
            {
                Hub.SkipInitialSnapshot();
            }
        }).ConfigureAwait(false);
        if (!restarted)
        {
            throw new InvalidOperationException(
                "The watch has a subscriber already, and the checkpoint must be loaded before the first subscription. "
                + "Start the processing with the checkpoint first, or create a separate watch for it.");
        }

        _loop.Start();
        return inbox;
    }

    /// <summary>Creates the retries of the durable consumer. Disposal of the watch ends their delays.</summary>
    /// <param name="store">The store of the checkpoint.</param>
    /// <param name="options">The retries, validated.</param>
    public SaveRetries CreateSaves(IJobCheckpointStore store, JobProcessingOptions options) => new(store, options, Scheduler, _logger, _closed.Token);

    /// <summary>Returns the state for a checkpoint. Only the durable consumer calls it, before it acknowledges a completed poll.</summary>
    public TrackerState Export() => _cycle.Poller.Export();

    /// <summary>The version of the state that <see cref="Export"/> returns.</summary>
    public long StateVersion => _cycle.Poller.StateVersion;

    /// <summary>Whether the next poll waits for the durable consumer.</summary>
    public bool AwaitsAcknowledgment => _cycle.Acknowledgments.Pending is not null;

    /// <summary>Records that the durable consumer has processed the last completed poll.</summary>
    public void Acknowledge()
    {
        // In this order, so that a health check never counts the time of the wait as overdue.
        Telemetry.Resume();
        _cycle.Acknowledgments.Acknowledge();
    }

    /// <summary>Ends the waits for the durable consumer, which has ended.</summary>
    public void WaiveAcknowledgments()
    {
        if (AwaitsAcknowledgment)
        {
            Telemetry.Resume();
        }

        _cycle.Acknowledgments.Waive();
    }

    public void Unsubscribe(Subscriber subscriber)
    {
        Hub.Remove(subscriber);
        _loop.StopIfNoSubscribers();
    }

    public void RequestLookup(JobLookup lookup)
    {
        _lookups.Request(lookup);
        _loop.PollSoon();
    }

    public void CancelLookup(JobLookup lookup) => _lookups.Cancel(lookup);

    /// <summary>Marks the code that runs until the result is disposed, and the code that it calls, as the code of a subscriber.</summary>
    public HandlerScope EnterHandler() => new(_isInHandler);

    /// <summary>Removes a subscriber whose observer threw, and reports the exception.</summary>
    public void Drop(Subscriber subscriber, Exception exception)
    {
        Unsubscribe(subscriber);
        Interlocked.Increment(ref _dropped);
        WatchLog.ObserverDropped(_logger, exception);
        try
        {
            Dropped?.Invoke(exception);
        }
        catch (Exception handlerException)
        {
            // An exception of the event handler must not affect the other subscribers.
            WatchLog.ReportFailed(_logger, handlerException);
        }
    }

    /// <summary>Ends the watch and every subscription.</summary>
    /// <returns>
    /// Completes when no request is in flight and no observer or handler runs. A call from an observer or handler does not wait for these, because it would wait
    /// for itself.
    /// </returns>
    public Task Close()
    {
        // In this order, so that no subscriber receives the cancellation of the poll in progress.
        Task observers = Hub.Close();
        Task polls = _loop.Stop();
        _closed.Cancel();
        return _isInHandler.Value ? polls : Task.WhenAll(polls, observers);
    }

    private EventInbox Open()
    {
        var inbox = new EventInbox(Scheduler);
        Hub.Add(inbox.Subscriber);
        _loop.Start();
        return inbox;
    }

    /// <summary>Waits for the next event; null when the subscription has ended.</summary>
    /// <param name="inbox">The inbox.</param>
    /// <param name="isHandler">Whether a handler receives the event, for which <see cref="Close"/> waits.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    private async ValueTask<JobEvent?> TakeAsync(EventInbox inbox, bool isHandler, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Signal arrival = inbox.NextArrival;
            switch (Hub.Take(inbox.Subscriber, isHandler))
            {
                case ({ } next, _):
                    return next;
                case (_, { } end):
                    if (end.Exception is { } exception)
                    {
                        ExceptionDispatchInfo.Throw(exception);
                    }

                    return null;
                default:
                    using (cancellationToken.UnsafeRegister(static signal => ((Signal)signal!).Fire(), arrival))
                    {
                        await arrival.WaitAsync().ConfigureAwait(false);
                    }

                    break;
            }
        }
    }
}
