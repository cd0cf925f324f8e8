using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The limits that all requests share: the pause that the server requested, the maximum rate and the caller's rate limiter. Thread-safe.
/// </summary>
internal sealed class RequestBudget : IDisposable
{
    // Clients with the same rate limiter share a budget, and so a pause, even if they were created separately.
    private static readonly ConditionalWeakTable<RateLimiter, RequestPause> PausesByLimiter = [];

    private readonly RequestPacer? _pacer;
    private readonly RateLimiter? _limiter;

    /// <param name="maxRequestsPerSecond">The maximum rate; null for none.</param>
    /// <param name="limiter">The caller's rate limiter; null for none.</param>
    /// <param name="timeProvider">The clock.</param>
    public RequestBudget(double? maxRequestsPerSecond, RateLimiter? limiter, TimeProvider timeProvider)
    {
        _limiter = limiter;
        Pause = limiter is null ? new RequestPause(timeProvider) : PausesByLimiter.GetValue(limiter, _ => new RequestPause(timeProvider));
        _pacer = maxRequestsPerSecond is { } rate ? new RequestPacer(rate, Pause, timeProvider) : null;
    }

    public RequestPause Pause { get; }

    /// <summary>Whether requests need a permit.</summary>
    public bool IsLimited => _pacer is not null || _limiter is not null;

    /// <summary>Waits for the end of a pause and for a permit.</summary>
    /// <returns>The lease of the caller's rate limiter, which belongs to the attempt and may have been denied; null without a rate limiter.</returns>
    /// <exception cref="ObjectDisposedException">The budget or the rate limiter is disposed.</exception>
    public async ValueTask<RateLimitLease?> WaitAsync(CancellationToken cancellationToken)
    {
        // Without a rate limiter, the pacer waits for the pause too, which keeps the requests in order.
        RateLimitLease? lease = _limiter is null && _pacer is not null ? null : await AcquireAsync(cancellationToken).ConfigureAwait(false);
        if (_pacer is null || lease is { IsAcquired: false })
        {
            return lease;
        }

        try
        {
            await _pacer.WaitAsync(cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            // Every exception: the request is not sent.
            lease?.Dispose();
            throw;
        }
    }

    /// <summary>Ends all waits for the maximum rate. The caller's rate limiter is not disposed.</summary>
    public void Dispose() => _pacer?.Dispose();

    private async ValueTask<RateLimitLease?> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Pause.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_limiter is null)
            {
                return null;
            }

            RateLimitLease lease = await _limiter.AcquireAsync(permitCount: 1, cancellationToken).ConfigureAwait(false);
            if (!lease.IsAcquired || Pause.Remaining <= TimeSpan.Zero)
            {
                return lease;
            }

            // The limiter is independent of the pause. All permits that it grants during the pause would be used together at the end of the pause.
            lease.Dispose();
        }
    }
}
