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

/// <summary>The parts of a watch put together: who subscribes makes it poll, and who leaves last makes it stop.</summary>
internal sealed class WatchEngine : ISubscriberHost
{
    private readonly AsyncLocal<bool> _isInHandler = new();
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
        Telemetry = new WatchTelemetry(telemetry ?? ClientTelemetry.None, options.Type, clock);
        Scheduler = scheduler;
        _createPoller = createPoller;
        _logger = logger;
        _lookups = new JobLookups(list, clock, options.NotFoundGracePeriod);
        Hub = new EventHub(options.SubscriberBufferCapacity, () =>
        {
            Telemetry.Miss(WatchGapReason.SlowSubscriber);
            WatchLog.SubscriberOverflowed(logger, options.SubscriberBufferCapacity);
        });
        var fatalErrors = new FatalErrors(options.FatalErrorGracePeriod, services.IsFatal, clock, logger);
        _cycle = new PollCycle(clock, Hub, _lookups, new PollSchedule(options, random), fatalErrors, logger, Telemetry)
        {
            Poller = createPoller(null),
        };
        _loop = new PollLoop(scheduler, clock, Hub, _cycle, Telemetry);
    }

    /// <summary>Puts the parts of a watch together.</summary>
    /// <param name="fetch">Requests a page.</param>
    /// <param name="list">Lists the jobs that match a query, to look up single ones.</param>
    /// <param name="options">The options, validated.</param>
    /// <param name="services">The scheduler and the policy for errors.</param>
    /// <param name="logger">Where failures and dropped observers are logged.</param>
    /// <param name="telemetry">The telemetry of the client.</param>
    public static WatchEngine Create(
        FetchJobPage fetch,
        Func<JobQuery, IAsyncEnumerable<Job>> list,
        JobWatchOptions options,
        JobWatchServices services,
        ILogger logger,
        ClientTelemetry telemetry)
    {
        var polling = new PollingOptions
        {
            Type = options.Type,
            MaxRequestsPerPoll = options.MaxRequestsPerPoll,
            PollsPerFullScan = options.PollsPerFullScan,
            MaxRetainedFinishedJobs = options.MaxRetainedFinishedJobs,
            MaxUnfinishedJobs = options.MaxUnfinishedJobs,
        };
        return new WatchEngine(
            options,
            services,
            state => new JobPoller(new ClientPages(fetch, telemetry, polling), polling, () => services.Scheduler.Now.ToUniversalTime(), state),
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
            var health = _cycle.Health;
            return health with
            {
                NextPoll = Hub.IsDeserted ? null : health.NextPoll,
                DroppedObservers = Interlocked.Read(ref _dropped),
            };
        }
    }

    public IReadOnlyList<Job> Unfinished => [.. _cycle.Retained.Where(job => !job.IsFinished)];

    /// <summary>Told of observers that threw.</summary>
    public Action<Exception>? Dropped { get; set; }

    public IDisposable Subscribe<T>(IObserver<T> observer, Func<T, bool>? wants = null)
        where T : JobEvent
    {
        var drain = new ObserverDrain<T>(this, observer, wants);
        Hub.Add(drain.Subscriber);
        _loop.Start();
        return drain;
    }

    /// <summary>The events for one who takes them when it is ready for them.</summary>
    public async IAsyncEnumerable<JobEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var inbox = Open();
        try
        {
            while (await TakeAsync(inbox, isHandler: false, cancellationToken).ConfigureAwait(false) is { } next)
            {
                yield return next;
            }
        }
        finally
        {
            Leave(inbox.Subscriber);
        }
    }

    /// <summary>Calls a handler for each event, the next time when what it returned has completed.</summary>
    public async Task ProcessAsync(Func<JobEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        var inbox = Open();
        try
        {
            await ProcessAsync(inbox, handler, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(inbox.Subscriber);
        }
    }

    /// <summary>The same for an inbox that has been added, and that the caller removes.</summary>
    public async Task ProcessAsync(EventInbox inbox, Func<JobEvent, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        while (await TakeAsync(inbox, isHandler: true, cancellationToken).ConfigureAwait(false) is { } next)
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
                Hub.Leave();
            }
        }
    }

    /// <summary>Starts afresh from a checkpoint, for the durable consumer whose inbox is returned. The polls wait for its acknowledgements.</summary>
    /// <exception cref="InvalidOperationException">Somebody subscribes.</exception>
    public async Task<EventInbox> RestartAsync(TrackerState? state)
    {
        var inbox = new EventInbox(Scheduler);
        var restarted = await _loop.TryChangeAsync(() =>
        {
            _cycle.Poller = _createPoller(state);
            _cycle.Acknowledgements.Require();
            Hub.Add(inbox.Subscriber, isCurrent: true);
            if (state is not null)
            {
                Hub.SkipFirstPicture();
            }
        }).ConfigureAwait(false);
        if (!restarted)
        {
            throw new InvalidOperationException(
                "The checkpoint must be loaded before anybody subscribes, because what a poll has told cannot be told again. "
                + "Start the durable consumer first, or give it a watch of its own.");
        }

        _loop.Start();
        return inbox;
    }

    /// <summary>The state to put into a checkpoint. Only by the durable consumer, before it acknowledges a completed poll.</summary>
    public TrackerState Export() => _cycle.Poller.Export();

    /// <summary>Whether the next poll waits for the durable consumer.</summary>
    public bool AwaitsAcknowledgement => _cycle.Acknowledgements.Pending is not null;

    /// <summary>The durable consumer has dealt with the last completed poll.</summary>
    public void Acknowledge()
    {
        // In this order nobody sees polls that wait for nothing and have not come for as long as they waited.
        Telemetry.GoOn();
        _cycle.Acknowledgements.Acknowledge();
    }

    /// <summary>There is no durable consumer any more.</summary>
    public void WaiveAcknowledgements()
    {
        if (AwaitsAcknowledgement)
        {
            Telemetry.GoOn();
        }

        _cycle.Acknowledgements.Waive();
    }

    public void Leave(Subscriber subscriber)
    {
        Hub.Remove(subscriber);
        _loop.StopIfDeserted();
    }

    public void Ask(JobLookup lookup)
    {
        _lookups.Ask(lookup);
        _loop.PollSoon();
    }

    public void Withdraw(JobLookup lookup) => _lookups.Withdraw(lookup);

    /// <summary>Marks what is called until the result is disposed of, and what that calls, as an observer's code.</summary>
    public HandlerScope EnterHandler() => new(_isInHandler);

    /// <summary>An observer threw.</summary>
    public void Drop(Subscriber subscriber, Exception error)
    {
        Leave(subscriber);
        Interlocked.Increment(ref _dropped);
        WatchLog.ObserverDropped(_logger, error);
        try
        {
            Dropped?.Invoke(error);
        }
        catch (Exception again)
        {
            // The report of a fault must not become the fault of all others.
            WatchLog.ReportFailed(_logger, again);
        }
    }

    /// <summary>Ends everything.</summary>
    /// <returns>
    /// Completes when no request is in flight and no observer or handler is being called. From within one it does not wait for them: it
    /// would wait for itself, or for another that waits for it.
    /// </returns>
    public Task Close()
    {
        // In this order nobody is told that the poll under way was stopped.
        var observers = Hub.Close();
        var polls = _loop.Stop();
        return _isInHandler.Value ? polls : Task.WhenAll(polls, observers);
    }

    private EventInbox Open()
    {
        var inbox = new EventInbox(Scheduler);
        Hub.Add(inbox.Subscriber);
        _loop.Start();
        return inbox;
    }

    /// <summary>The next event; null when there will be none.</summary>
    /// <param name="inbox">Where it comes from.</param>
    /// <param name="isHandler">Whether a handler gets it, which <see cref="Close"/> waits for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async ValueTask<JobEvent?> TakeAsync(EventInbox inbox, bool isHandler, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var news = inbox.News;
            switch (Hub.Take(inbox.Subscriber, isHandler))
            {
                case ({ } next, _):
                    return next;
                case (_, { } end):
                    if (end.Error is { } error)
                    {
                        ExceptionDispatchInfo.Throw(error);
                    }

                    return null;
                default:
                    using (cancellationToken.UnsafeRegister(static signal => ((Signal)signal!).Fire(), news))
                    {
                        await news.WaitAsync().ConfigureAwait(false);
                    }

                    break;
            }
        }
    }
}
