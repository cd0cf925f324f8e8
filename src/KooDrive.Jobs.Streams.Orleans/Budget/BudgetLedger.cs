namespace KooDrive.Jobs.Streams.Budget;

/// <summary>
/// Divides a rate among silos by the number of their accounts. The rates of the leases that have not expired never add up to more than the rate. Times are those of
/// one monotonic clock.
/// </summary>
/// <typeparam name="TSilo">The identity of a silo.</typeparam>
/// <param name="rate">The rate in requests per second; infinity for no limit.</param>
/// <param name="duration">The duration of a lease.</param>
/// <param name="startsAt">The time of the first lease: the leases of an earlier ledger, which this one does not know, have expired by then.</param>
internal sealed class BudgetLedger<TSilo>(double rate, TimeSpan duration, TimeSpan startsAt)
    where TSilo : notnull
{
    private readonly Dictionary<TSilo, Lease> _leases = [];

    /// <summary>Renews the lease of a silo.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="accountCount">The number of its accounts.</param>
    /// <param name="now">The time.</param>
    /// <returns>The rate until the end of the lease; null before the first lease may start.</returns>
    public double? Renew(TSilo silo, int accountCount, TimeSpan now)
    {
        foreach ((TSilo other, Lease lease) in _leases)
        {
            if (lease.ExpiresAt <= now)
            {
                _leases.Remove(other);
            }
        }

        double granted = now < startsAt ? 0 : GetShare(silo, accountCount);
        _leases[silo] = new Lease(granted, accountCount, now + duration);
        return now < startsAt ? null : granted;
    }

    private double GetShare(TSilo silo, int accountCount)
    {
        if (double.IsPositiveInfinity(rate))
        {
            return rate;
        }

        // A silo that joins waits until the others have renewed their leases with smaller shares.
        (double leased, long allAccounts) = (0, accountCount);
        foreach ((TSilo other, Lease lease) in _leases)
        {
            if (!other.Equals(silo))
            {
                leased += lease.Rate;
                allAccounts += lease.AccountCount;
            }
        }

        return allAccounts == 0 ? 0 : Math.Max(0, Math.Min(rate * accountCount / allAccounts, rate - leased));
    }

    private readonly record struct Lease(double Rate, int AccountCount, TimeSpan ExpiresAt);
}
