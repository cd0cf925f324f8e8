using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>A rate limiter whose leases a test grants.</summary>
internal sealed class FakeLimiter : RateLimiter
{
    private readonly ConcurrentQueue<TaskCompletionSource<RateLimitLease>> _waiting = new();

    /// <summary>The number of permits that were requested.</summary>
    public int RequestedCount { get; private set; }

    /// <summary>The number of granted leases that are not disposed.</summary>
    public int HeldCount { get; private set; }

    public bool IsDisposed { get; private set; }

    public override TimeSpan? IdleDuration => null;

    public void Grant() => Next().SetResult(new Lease(this, isAcquired: true, retryAfter: null));

    public void Deny(TimeSpan? retryAfter) => Next().SetResult(new Lease(this, isAcquired: false, retryAfter));

    public void Fail(Exception exception) => Next().SetException(exception);

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Assert.Equal(1, permitCount);
        var waiting = new TaskCompletionSource<RateLimitLease>();
        _waiting.Enqueue(waiting);

        // Last, because a test on another thread may wait for the count before it grants the lease.
        RequestedCount++;
        return new(waiting.Task.WaitAsync(cancellationToken));
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private TaskCompletionSource<RateLimitLease> Next() =>
        _waiting.TryDequeue(out TaskCompletionSource<RateLimitLease>? waiting) ? waiting : throw new InvalidOperationException("No request waits for a permit.");

    private sealed class Lease : RateLimitLease
    {
        private readonly FakeLimiter _limiter;
        private readonly TimeSpan? _retryAfter;

        public Lease(FakeLimiter limiter, bool isAcquired, TimeSpan? retryAfter)
        {
            (_limiter, IsAcquired, _retryAfter) = (limiter, isAcquired, retryAfter);
            _limiter.HeldCount++;
        }

        public override bool IsAcquired { get; }

        public override IEnumerable<string> MetadataNames => _retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = _retryAfter;
            return _retryAfter is not null && metadataName == MetadataName.RetryAfter.Name;
        }

        protected override void Dispose(bool disposing)
        {
            _limiter.HeldCount--;
            base.Dispose(disposing);
        }
    }
}
