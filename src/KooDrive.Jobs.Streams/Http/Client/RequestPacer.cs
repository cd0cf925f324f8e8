namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// Limits the rate of requests by spacing them evenly, in the order in which they arrive, so that no client starves. Sends nothing during a pause. Thread-safe.
/// </summary>
/// <remarks>
/// A TokenBucketRateLimiter does not fit: with automatic replenishment it cannot be paused and serves its queue during the pause, and without it, it measures real
/// time, so a pause fills the bucket. Idle time is not saved here either: after it, requests do not come in a burst.
/// </remarks>
internal sealed class RequestPacer : IDisposable
{
    // A late timer, as on a busy machine, does not reduce the rate. A machine that was suspended does not send a burst.
    private static readonly TimeSpan MaxLateness = TimeSpan.FromSeconds(0.1);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private readonly RequestPause _pause;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly long _createdAt;
    private readonly ITimer _timer;
    private TimeSpan _nextAt;
    private bool _isDisposed;

    /// <param name="maxRequestsPerSecond">The rate.</param>
    /// <param name="pause">The pause, during which no request is sent.</param>
    /// <param name="timeProvider">The clock.</param>
    public RequestPacer(double maxRequestsPerSecond, RequestPause pause, TimeProvider timeProvider)
    {
        _pause = pause;
        _timeProvider = timeProvider;
        _interval = TimeSpan.FromTicks((long)Math.Ceiling(TimeSpan.TicksPerSecond / maxRequestsPerSecond));
        _createdAt = timeProvider.GetTimestamp();
        _timer = CreateTimer();
    }

    private TimeSpan Now => _timeProvider.GetElapsedTime(_createdAt);

    /// <summary>Waits until the request may be sent.</summary>
    /// <exception cref="ObjectDisposedException">The pacer is disposed.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            if (_isDisposed)
            {
                throw Disposed();
            }

            TimeSpan now = Now;
            TimeSpan delay = GetDelay(now);
            if (_waiters.Count == 0 && delay <= TimeSpan.Zero)
            {
                _nextAt = now + _interval;
                return ValueTask.CompletedTask;
            }

            var waiter = new Waiter(this);
            _waiters.AddLast(waiter.Node);
            waiter.EndWhenCanceled(cancellationToken);
            if (_waiters.Count == 1)
            {
                SetTimer(delay);
            }

            return new ValueTask(waiter.Task);
        }
    }

    /// <summary>Ends all waits with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        Waiter[] waiters;
        lock (_lock)
        {
            _isDisposed = true;
            waiters = [.. _waiters];
            _waiters.Clear();
        }

        _timer.Dispose();
        foreach (Waiter waiter in waiters)
        {
            waiter.Fail(Disposed());
        }
    }

    private ITimer CreateTimer()
    {
        // The timer serves all requests, so it must not inherit the ambient values of the first caller.
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Create();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Create();
        }

        ITimer Create() => _timeProvider.CreateTimer(
            static pacer => ((RequestPacer)pacer!).ReleaseDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void ReleaseDue()
    {
        while (TakeDue() is { } waiter)
        {
            waiter.Release();
        }
    }

    private Waiter? TakeDue()
    {
        lock (_lock)
        {
            if (_isDisposed || _waiters.First is not { } first)
            {
                return null;
            }

            TimeSpan now = Now;
            TimeSpan delay = GetDelay(now);
            if (delay > TimeSpan.Zero)
            {
                SetTimer(delay);
                return null;
            }

            TimeSpan earliest = now - MaxLateness;
            _nextAt = (_nextAt > earliest ? _nextAt : earliest) + _interval;
            _waiters.RemoveFirst();
            return first.Value;
        }
    }

    private TimeSpan GetDelay(TimeSpan now)
    {
        if (_pause.Remaining is { Ticks: > 0 } remaining && now + remaining > _nextAt)
        {
            _nextAt = now + remaining;
        }

        return _nextAt - now;
    }

    // Timers truncate to whole milliseconds.
    private void SetTimer(TimeSpan delay) => _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), Timeout.InfiniteTimeSpan);

    private bool TryRemove(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is null)
            {
                return false;
            }

            _waiters.Remove(waiter.Node);
            return true;
        }
    }

    // The public type that the caller disposed.
    private static ObjectDisposedException Disposed() => new("JobsClient");

    /// <summary>A request that waits. It continues on the thread pool, because a request that blocks must not delay the others.</summary>
    private sealed class Waiter : TaskCompletionSource
    {
        private readonly RequestPacer _pacer;
        private CancellationTokenRegistration _canceled;

        public Waiter(RequestPacer pacer)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _pacer = pacer;
            Node = new LinkedListNode<Waiter>(this);
        }

        public LinkedListNode<Waiter> Node { get; }

        public void EndWhenCanceled(CancellationToken cancellationToken) =>
            _canceled = cancellationToken.UnsafeRegister(static (waiter, canceled) => ((Waiter)waiter!).Cancel(canceled), this);

        public void Release()
        {
            _canceled.Unregister();
            TrySetResult();
        }

        public void Fail(Exception exception)
        {
            _canceled.Unregister();
            TrySetException(exception);
        }

        private void Cancel(CancellationToken canceled)
        {
            if (_pacer.TryRemove(this))
            {
                TrySetCanceled(canceled);
            }
        }
    }
}
