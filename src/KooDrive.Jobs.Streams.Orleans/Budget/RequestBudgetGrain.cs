using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Budget;

/// <summary>Leases shares of the rate to silos and broadcasts pauses. Keeps nothing in storage: a new activation waits until the leases of an earlier one have expired.</summary>
[KeepAlive]
[GrainType("koodrive-request-budget")]
internal sealed class RequestBudgetGrain(IOptions<JobWatchGrainOptions> options, TimeProvider timeProvider) : Grain, IRequestBudgetGrain
{
    private readonly long _createdAt = timeProvider.GetTimestamp();
    private readonly BudgetLedger<SiloAddress> _ledger =
        new(options.Value.MaxRequestsPerSecond ?? double.PositiveInfinity, options.Value.BudgetLeaseDuration, startsAt: options.Value.BudgetLeaseDuration);

    private readonly Dictionary<SiloAddress, (IPauseObserver Observer, TimeSpan ExpiresAt)> _observers = [];
    private TimeSpan _pausedUntil;

    private TimeSpan Now => timeProvider.GetElapsedTime(_createdAt);

    /// <inheritdoc/>
    public Task<BudgetLease> LeaseAsync(SiloAddress silo, int accountCount, IPauseObserver observer)
    {
        TimeSpan now = Now;
        foreach ((SiloAddress other, (_, TimeSpan expiresAt)) in _observers)
        {
            if (expiresAt <= now)
            {
                _observers.Remove(other);
            }
        }

        _observers[silo] = (observer, now + options.Value.BudgetLeaseDuration);
        TimeSpan pause = _pausedUntil > now ? _pausedUntil - now : TimeSpan.Zero;
        return Task.FromResult(new BudgetLease(_ledger.Renew(silo, accountCount, now), pause));
    }

    /// <inheritdoc/>
    public Task PauseAsync(TimeSpan pause)
    {
        TimeSpan end = Now + pause;
        if (end <= _pausedUntil)
        {
            return Task.CompletedTask;
        }

        _pausedUntil = end;

        // One-way: a silo that does not receive the pause learns of it when it renews its lease.
        return Task.WhenAll(_observers.Values.Select(silo => silo.Observer.PauseAsync(pause)));
    }
}
