using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Runs the polls, one at a time, while there are subscribers.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor handle, and is canceled outside the lock.")]
internal sealed class PollLoop(IScheduler scheduler, WatchClock clock, EventHub hub, PollCycle cycle, WatchTelemetry telemetry)
{
    private static readonly ExecutionContext NoAmbientValues = CreateEmptyContext();

    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private TaskCompletionSource? _stopped;
    private PollWait? _wait;
    private TimeSpan _notBefore;
    private bool _hasStarted;
    private bool _isDisposed;

    /// <summary>The delay before the first poll of the watch.</summary>
    public TimeSpan FirstDelay { get; init; }

    /// <summary>Starts the polls if they do not run.</summary>
    public void Start()
    {
        TimeSpan now = clock.Elapsed;
        lock (_lock)
        {
            if (_isDisposed || _stop is not null)
            {
                return;
            }

            _stop = new CancellationTokenSource();
            _stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            telemetry.Start(now);
            if (!_hasStarted)
            {
                _hasStarted = true;
                _notBefore = now + FirstDelay;
            }
        }

        // The loop outlives the operation of the caller, so it must not inherit its ambient values. Suppressing their flow would also lose those of the first poll.
        ExecutionContext.Run(NoAmbientValues, static loop => _ = ((PollLoop)loop!).RunAsync(), this);
    }

    /// <summary>Stops the polls, including a poll in progress, if there are no subscribers.</summary>
    public void StopIfNoSubscribers()
    {
        CancellationTokenSource? stop;
        lock (_lock)
        {
            stop = hub.HasNoSubscribers ? _stop : null;
        }

        stop?.Cancel();
    }

    /// <summary>Ends the wait for the next poll, except after a failure.</summary>
    public void PollSoon()
    {
        PollWait? wait;
        lock (_lock)
        {
            wait = cycle.HasFailed ? null : _wait;
        }

        if (wait is not null)
        {
            scheduler.Schedule(wait.End);
        }
    }

    /// <summary>Runs a change of the poller while no polls run.</summary>
    /// <returns>False when there are subscribers.</returns>
    /// <exception cref="ObjectDisposedException">The watch is disposed.</exception>
    public async Task<bool> TryChangeAsync(Action change)
    {
        Task? stopped;
        lock (_lock)
        {
            stopped = hub.HasNoSubscribers ? _stopped?.Task : null;
        }

        if (stopped is not null)
        {
            await stopped.ConfigureAwait(false);
        }

        lock (_lock)
        {
            if (_isDisposed)
            {
                throw Disposed();
            }

            if (_stop is not null || !hub.HasNoSubscribers)
            {
                return false;
            }

            change();
            return true;
        }
    }

    /// <summary>Stops the polls permanently.</summary>
    /// <returns>Completes when no request is in flight.</returns>
    public Task Stop()
    {
        CancellationTokenSource? stop;
        Task stopped;
        lock (_lock)
        {
            _isDisposed = true;
            stop = _stop;
            stopped = _stopped?.Task ?? Task.CompletedTask;
        }

        stop?.Cancel();
        return stopped;
    }

    // The signals are awaited here and not in other methods, so that the loop resumes inside Fire.
    private async Task RunAsync()
    {
        do
        {
            CancellationToken stop = Token();
            try
            {
                TimeSpan delay = _notBefore - clock.Elapsed;
                do
                {
                    using (var wait = new PollWait(scheduler, delay, stop))
                    {
                        SetWait(wait);
                        await wait.Ended.ConfigureAwait(false);
                        SetWait(null);
                    }

                    stop.ThrowIfCancellationRequested();
                    delay = await cycle.RunAsync(stop).ConfigureAwait(false);
                    if (cycle.HasFailed)
                    {
                        _notBefore = clock.Elapsed + delay;
                    }

                    if (cycle.Acknowledgments.Pending is { } pending)
                    {
                        using CancellationTokenRegistration canceled = stop.UnsafeRegister(static signal => ((Signal)signal!).Fire(), pending);
                        await pending.WaitAsync().ConfigureAwait(false);
                    }
                }
                while (!hub.HasNoSubscribers);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // There are no subscribers, or the watch is disposed.
            }
            catch (Exception exception)
            {
                // The cycle handles failed polls, so this is an exception of the scheduler: the subscribers end without it.
                hub.Fail(exception, immediately: true);
            }
        }
        while (TryContinue());
    }

    private CancellationToken Token()
    {
        lock (_lock)
        {
            return _stop!.Token;
        }
    }

    private void SetWait(PollWait? wait)
    {
        lock (_lock)
        {
            _wait = wait;
        }

        // A lookup that was requested before the wait was visible ends the wait too.
        if (cycle is { HasLookupRequests: true, HasFailed: false })
        {
            wait?.End();
        }
    }

    // A subscription during the stop did not start new polls.
    private bool TryContinue()
    {
        TaskCompletionSource stopped;
        lock (_lock)
        {
            _wait = null;
            if (!_isDisposed && !hub.TryBecomeIdle())
            {
                _stop = new CancellationTokenSource();
                return true;
            }

            _stop = null;
            stopped = _stopped!;
            telemetry.BecomeIdle();
            cycle.Interrupt();
        }

        stopped.TrySetResult();
        return false;
    }

    // The public type that the caller disposed.
    private static ObjectDisposedException Disposed() => new("JobWatch");

    // There is no property with the context of a thread that has just started.
    private static ExecutionContext CreateEmptyContext()
    {
        ExecutionContext? empty = null;
        var thread = new Thread(() => empty = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return empty!;
    }
}
