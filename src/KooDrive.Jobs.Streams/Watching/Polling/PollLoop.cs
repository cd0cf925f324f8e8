using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>When polls happen: one at a time, while somebody subscribes.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither timer nor handle, and is canceled outside the lock.")]
internal sealed class PollLoop(IScheduler scheduler, WatchClock clock, EventHub hub, PollCycle cycle, WatchTelemetry telemetry)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private TaskCompletionSource? _stopped;
    private PollWait? _wait;
    private TimeSpan _notBefore;
    private bool _isDisposed;

    /// <summary>Sees to it that polls happen.</summary>
    public void Start()
    {
        var now = clock.Elapsed;
        lock (_gate)
        {
            if (_isDisposed || _stop is not null)
            {
                return;
            }

            _stop = new CancellationTokenSource();
            _stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            telemetry.Begin(now);
        }

        // The loop outlives the caller's operation, so it must not carry that one's ambient values along.
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = RunAsync();
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
            {
                _ = RunAsync();
            }
        }
    }

    /// <summary>Stops, the poll under way included, if nobody is there.</summary>
    public void StopIfDeserted()
    {
        CancellationTokenSource? stop;
        lock (_gate)
        {
            stop = hub.IsDeserted ? _stop : null;
        }

        stop?.Cancel();
    }

    /// <summary>Ends the wait for the next poll, unless that is a wait after a failure.</summary>
    public void PollSoon()
    {
        PollWait? wait;
        lock (_gate)
        {
            wait = cycle.HasFailed ? null : _wait;
        }

        if (wait is not null)
        {
            scheduler.Schedule(wait.End);
        }
    }

    /// <summary>Changes what is polled, between two runs.</summary>
    /// <returns>False when somebody subscribes.</returns>
    /// <exception cref="ObjectDisposedException">It was stopped for good.</exception>
    public async Task<bool> TryChangeAsync(Action change)
    {
        Task? stopped;
        lock (_gate)
        {
            stopped = hub.IsDeserted ? _stopped?.Task : null;
        }

        if (stopped is not null)
        {
            await stopped.ConfigureAwait(false);
        }

        lock (_gate)
        {
            if (_isDisposed)
            {
                throw Disposed();
            }

            if (_stop is not null || !hub.IsDeserted)
            {
                return false;
            }

            change();
            return true;
        }
    }

    /// <summary>Stops for good.</summary>
    /// <returns>Completes when no request is in flight.</returns>
    public Task Stop()
    {
        CancellationTokenSource? stop;
        Task stopped;
        lock (_gate)
        {
            _isDisposed = true;
            stop = _stop;
            stopped = _stopped?.Task ?? Task.CompletedTask;
        }

        stop?.Cancel();
        return stopped;
    }

    // Its waits are awaited here, not in methods of their own: see Signal.
    private async Task RunAsync()
    {
        do
        {
            var stop = Token();
            try
            {
                var delay = _notBefore - clock.Elapsed;
                do
                {
                    using (var wait = new PollWait(scheduler, delay, stop))
                    {
                        Show(wait);
                        await wait.Ended.ConfigureAwait(false);
                        Show(null);
                    }

                    stop.ThrowIfCancellationRequested();
                    delay = await cycle.RunAsync(stop).ConfigureAwait(false);
                    if (cycle.HasFailed)
                    {
                        _notBefore = clock.Elapsed + delay;
                    }

                    if (cycle.Acknowledgements.Pending is { } pending)
                    {
                        using var canceled = stop.UnsafeRegister(static signal => ((Signal)signal!).Fire(), pending);
                        await pending.WaitAsync().ConfigureAwait(false);
                    }
                }
                while (!hub.IsDeserted);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Nobody is there any more.
            }
            catch (Exception error)
            {
                // Not a failed poll, which the cycle tells: the scheduler itself gave up, so the end is told without it.
                hub.Fail(error, atOnce: true);
            }
        }
        while (GoesOn());
    }

    private CancellationToken Token()
    {
        lock (_gate)
        {
            return _stop!.Token;
        }
    }

    private void Show(PollWait? wait)
    {
        lock (_gate)
        {
            _wait = wait;
        }

        // Who asked before it could be seen waits no longer than who asks now.
        if (cycle is { IsWanted: true, HasFailed: false })
        {
            wait?.End();
        }
    }

    // Whoever came while the polls were being stopped did not start them anew.
    private bool GoesOn()
    {
        TaskCompletionSource stopped;
        lock (_gate)
        {
            _wait = null;
            if (!_isDisposed && !hub.TryRest())
            {
                _stop = new CancellationTokenSource();
                return true;
            }

            _stop = null;
            stopped = _stopped!;
            telemetry.Rest();
            cycle.Interrupt();
        }

        stopped.TrySetResult();
        return false;
    }

    // The public type that the caller disposed.
    private static ObjectDisposedException Disposed() => new("JobWatch");
}
