using System.Threading.RateLimiting;
using KooDrive.Jobs.Streams.Budget;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class LeasedRateLimiterTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    private readonly FakeTimeProvider _time = new();
    private readonly LeasedRateLimiter _limiter;

    public LeasedRateLimiterTests() => _limiter = new LeasedRateLimiter(_time);

    public void Dispose() => _limiter.Dispose();

    [Fact]
    public void AcquireAsync_waits_for_the_first_lease_and_then_spaces_requests()
    {
        Task<RateLimitLease>[] waits = Acquire(4);
        Assert.Equal(0, Count(waits));

        Lease(10, seconds: 60);

        Assert.Equal(1, Count(waits));
        foreach (int granted in new[] { 2, 3, 4 })
        {
            _time.Advance(Interval - TimeSpan.FromMilliseconds(1));
            Assert.Equal(granted - 1, Count(waits));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(granted, Count(waits));
        }
    }

    [Fact]
    public void AcquireAsync_grants_nothing_after_the_end_of_the_lease()
    {
        Lease(10, seconds: 1);
        Task<RateLimitLease>[] waits = Acquire(20);

        Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(10, Count(waits));
        Lease(10, seconds: 1);
        Assert.InRange(Count(waits), 11, 12);
    }

    [Fact]
    public void AcquireAsync_follows_the_rate_of_the_next_lease()
    {
        Lease(1, seconds: 60);
        Task<RateLimitLease>[] waits = Acquire(20);
        Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, Count(waits));

        Lease(10, seconds: 60);
        Advance(TimeSpan.FromSeconds(1));

        Assert.InRange(Count(waits), 11, 13);
        Lease(0, seconds: 60);
        int granted = Count(waits);
        Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(granted, Count(waits));
    }

    [Fact]
    public void AcquireAsync_waits_when_the_rate_of_the_lease_is_a_rounding_error()
    {
        Lease(50 - (50 - 7.1e-15), seconds: 60);

        Task<RateLimitLease>[] waits = Acquire(2);

        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        Lease(10, seconds: 60);
        Assert.Equal(1, Count(waits));
    }

    [Fact]
    public void AcquireAsync_does_not_grant_a_burst_after_idle_time()
    {
        Lease(10, seconds: 10_000);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, Count(Acquire(10)));
    }

    [Fact]
    public void Pause_grants_nothing_until_its_end_and_then_resumes_evenly()
    {
        Lease(10, seconds: 60);
        Task<RateLimitLease>[] waits = Acquire(4);
        _limiter.Pause(TimeSpan.FromSeconds(3));
        _limiter.Pause(TimeSpan.FromSeconds(1));

        Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, Count(waits));
        Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, Count(waits));
        Advance(Interval);
        Assert.Equal(3, Count(waits));
    }

    [Fact]
    public void Pause_applies_without_a_limit_too()
    {
        Lease(double.PositiveInfinity, seconds: 60);
        _limiter.Pause(TimeSpan.FromSeconds(1));
        Task<RateLimitLease>[] waits = Acquire(100);
        Assert.Equal(0, Count(waits));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(100, Count(waits));
    }

    [Fact]
    public async Task AcquireAsync_grants_in_order_and_skips_canceled_requests()
    {
        Lease(10, seconds: 60);
        using var cancellation = new CancellationTokenSource();
        Task<RateLimitLease> first = _limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();
        Task<RateLimitLease> canceled = _limiter.AcquireAsync(1, cancellation.Token).AsTask();
        Task<RateLimitLease> last = _limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.True((await first).IsAcquired);
        Assert.False(last.IsCompleted);
        _time.Advance(Interval);

        Assert.True((await last).IsAcquired);
        Assert.Equal(2, _limiter.GetStatistics()!.TotalSuccessfulLeases);
    }

    [Fact]
    public void AttemptAcquire_never_overtakes_requests_that_wait()
    {
        Lease(10, seconds: 60);
        Assert.True(_limiter.AttemptAcquire().IsAcquired);
        Assert.False(_limiter.AttemptAcquire().IsAcquired);
        Task<RateLimitLease>[] waits = Acquire(2);
        _time.Advance(Interval);

        Assert.Equal(1, Count(waits));
        Assert.False(_limiter.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public async Task Dispose_ends_requests_that_wait()
    {
        Task<RateLimitLease> wait = _limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();

        _limiter.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
    }

    private void Lease(double rate, double seconds) => _limiter.SetLease(rate, _limiter.Now + TimeSpan.FromSeconds(seconds));

    private void Advance(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(10))
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }

    private Task<RateLimitLease>[] Acquire(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask())];

    private static int Count(Task<RateLimitLease>[] waits) => waits.Count(wait => wait.IsCompletedSuccessfully);
}
