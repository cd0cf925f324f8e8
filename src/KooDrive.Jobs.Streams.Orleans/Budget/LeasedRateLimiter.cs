using System.Diagnostics;
using System.Threading.RateLimiting;

namespace KooDrive.Jobs.Streams.Budget;

/// <summary>
/// Spaces requests evenly at a rate that a lease sets and that ends with the lease, in the order in which they arrive, so that no account starves. Grants nothing
/// during a pause. Thread-safe.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class LeasedRateLimiter(TimeProvider timeProvider) : RateLimiter
{
    // A late timer, as on a busy machine, does not reduce the rate. A process that was suspended does not send a burst.
    private static readonly TimeSpan MaxLateness = TimeSpan.FromSeconds(0.1);

    private static readonly TimeSpan MaxInterval = TimeSpan.FromDays(365);

    // One object is enough: a permit has no end.
    private static readonly RateLimitLease Granted = new Permit(isAcquired: true);
    private static readonly RateLimitLease Denied = new Permit(isAcquired: false);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private readonly long _createdAt = timeProvider.GetTimestamp();
    private ITimer? _timer;
    private double _rate;
    private TimeSpan _expiresAt;
    private TimeSpan _pausedUntil;
    private TimeSpan _lastAt = TimeSpan.MinValue / 2;
    private long _grantedCount;
    private bool _isDisposed;

    /// <inheritdoc/>
    public override TimeSpan? IdleDuration => null;

    /// <summary>The time since the creation, by the clock of the limiter.</summary>
    public TimeSpan Now => timeProvider.GetElapsedTime(_createdAt);

    /// <summary>Replaces the lease.</summary>
    /// <param name="rate">The rate in requests per second; infinity for no limit.</param>
    /// <param name="expiresAt">The end of the lease, as a value of <see cref="Now"/>.</param>
    public void SetLease(double rate, TimeSpan expiresAt)
    {
        lock (_gate)
        {
            (_rate, _expiresAt) = (rate, expiresAt);
        }

        ReleaseDue();
    }

    /// <summary>Starts or extends a pause. A pause that ends later is not shortened.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (_gate)
        {
            TimeSpan end = Now + pause;
            _pausedUntil = end > _pausedUntil ? end : _pausedUntil;
        }
    }

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics()
    {
        lock (_gate)
        {
            return new RateLimiterStatistics
            {
                CurrentAvailablePermits = GetDueAt(Now) <= Now ? 1 : 0,
                CurrentQueuedCount = _waiters.Count,
                TotalSuccessfulLeases = _grantedCount,
            };
        }
    }

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, 1);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return permitCount == 0 || TryTake() ? Granted : Denied;
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, 1);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<RateLimitLease>(cancellationToken);
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (permitCount == 0 || TryTake())
            {
                return new(Granted);
            }

            var waiter = new Waiter(this);
            _waiters.AddLast(waiter.Node);
            waiter.EndWhenCanceled(cancellationToken);
            if (_waiters.Count == 1)
            {
                SetTimer(Now);
            }

            return new(waiter.Task);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            EndWaits();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore()
    {
        EndWaits();
        return base.DisposeAsyncCore();
    }

    private void EndWaits()
    {
        Waiter[] waiters;
        lock (_gate)
        {
            _isDisposed = true;
            waiters = [.. _waiters];
            _waiters.Clear();
            _timer?.Dispose();
        }

        foreach (Waiter waiter in waiters)
        {
            waiter.Fail(new ObjectDisposedException(nameof(LeasedRateLimiter)));
        }
    }

    // Those that wait come first.
    private bool TryTake()
    {
        TimeSpan now = Now;
        if (_waiters.Count > 0 || GetDueAt(now) > now)
        {
            return false;
        }

        _lastAt = now;
        _grantedCount++;
        return true;
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
        lock (_gate)
        {
            if (_isDisposed || _waiters.First is not { } first)
            {
                return null;
            }

            TimeSpan now = Now;
            TimeSpan dueAt = GetDueAt(now);
            if (dueAt > now)
            {
                SetTimer(now);
                return null;
            }

            TimeSpan earliest = now - MaxLateness;
            _lastAt = dueAt > earliest ? dueAt : earliest;
            _grantedCount++;
            _waiters.RemoveFirst();
            return first.Value;
        }
    }

    // The maximum value while there is no lease.
    private TimeSpan GetDueAt(TimeSpan now)
    {
        if (_rate <= 0 || now >= _expiresAt)
        {
            return TimeSpan.MaxValue;
        }

        // The share of a silo that joins may be a rounding error, whose interval is longer than any TimeSpan.
        double interval = 1 / _rate;
        if (interval > MaxInterval.TotalSeconds)
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan dueAt = _lastAt + TimeSpan.FromSeconds(interval);
        return dueAt > _pausedUntil ? dueAt : _pausedUntil;
    }

    private void SetTimer(TimeSpan now)
    {
        TimeSpan dueAt = GetDueAt(now);
        if (dueAt == TimeSpan.MaxValue)
        {
            // The next lease releases requests.
            return;
        }

        // Timers truncate to whole milliseconds. The timer serves all requests, so it must not inherit the ambient values of the first caller.
        var delay = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling((dueAt - now).TotalMilliseconds), int.MaxValue));
        if (_timer is not null)
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
            return;
        }

        using (ExecutionContext.IsFlowSuppressed() ? (IDisposable?)null : ExecutionContext.SuppressFlow())
        {
            _timer = timeProvider.CreateTimer(static limiter => ((LeasedRateLimiter)limiter!).ReleaseDue(), this, delay, Timeout.InfiniteTimeSpan);
        }
    }

    private bool TryRemove(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Node.List is null)
            {
                return false;
            }

            _waiters.Remove(waiter.Node);
            return true;
        }
    }

    private sealed class Permit(bool isAcquired) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }

    /// <summary>A request that waits. It continues on the thread pool, because a request that blocks must not delay the others.</summary>
    [DebuggerDisplay("{Task.Status}")]
    private sealed class Waiter : TaskCompletionSource<RateLimitLease>
    {
        private readonly LeasedRateLimiter _limiter;
        private CancellationTokenRegistration _canceled;

        public Waiter(LeasedRateLimiter limiter)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _limiter = limiter;
            Node = new LinkedListNode<Waiter>(this);
        }

        public LinkedListNode<Waiter> Node { get; }

        public void EndWhenCanceled(CancellationToken cancellationToken) =>
            _canceled = cancellationToken.UnsafeRegister(static (waiter, canceled) => ((Waiter)waiter!).Cancel(canceled), this);

        public void Release()
        {
            _canceled.Unregister();
            TrySetResult(Granted);
        }

        public void Fail(Exception exception)
        {
            _canceled.Unregister();
            TrySetException(exception);
        }

        private void Cancel(CancellationToken canceled)
        {
            if (_limiter.TryRemove(this))
            {
                TrySetCanceled(canceled);
            }
        }
    }
}
