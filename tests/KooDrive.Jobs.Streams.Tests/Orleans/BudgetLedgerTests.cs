using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Budget;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class BudgetLedgerTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    [Fact]
    public void Renew_grants_nothing_before_the_leases_of_an_earlier_ledger_have_expired()
    {
        var ledger = new BudgetLedger<string>(50, Duration, startsAt: Duration);

        Assert.Null(ledger.Renew("a", 10, TimeSpan.Zero));
        Assert.Null(ledger.Renew("a", 10, Duration - TimeSpan.FromTicks(1)));
        Assert.Equal(50, ledger.Renew("a", 10, Duration));
    }

    [Fact]
    public void Renew_divides_the_rate_by_the_number_of_accounts_after_a_round()
    {
        var ledger = new BudgetLedger<string>(60, Duration, TimeSpan.Zero);
        var now = TimeSpan.FromSeconds(1);
        Assert.Equal(60, ledger.Renew("a", 100, now));

        // The rate is leased, so a silo that joins waits for the next renewal of the other.
        Assert.Equal(0, ledger.Renew("b", 200, now));
        Assert.Equal(20, ledger.Renew("a", 100, now));
        Assert.Equal(40, ledger.Renew("b", 200, now));
    }

    [Fact]
    public void Renew_grants_the_share_of_a_lost_silo_after_its_lease()
    {
        var ledger = new BudgetLedger<string>(60, Duration, TimeSpan.Zero);
        ledger.Renew("a", 100, TimeSpan.Zero);
        ledger.Renew("b", 100, TimeSpan.Zero);
        ledger.Renew("a", 100, TimeSpan.Zero);
        ledger.Renew("b", 100, TimeSpan.FromSeconds(1));

        Assert.Equal(30, ledger.Renew("a", 100, TimeSpan.FromSeconds(2.9)));
        Assert.Equal(60, ledger.Renew("a", 100, TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void Renew_grants_infinity_without_a_limit() =>
        Assert.Equal(double.PositiveInfinity, new BudgetLedger<string>(double.PositiveInfinity, Duration, TimeSpan.Zero).Renew("a", 1, TimeSpan.Zero));

    [Property]
    public void Renew_never_leases_more_than_the_rate_and_starves_no_silo((byte Silo, byte Accounts, byte Milliseconds)[] steps)
    {
        const double Rate = 50;
        var ledger = new BudgetLedger<int>(Rate, Duration, TimeSpan.Zero);
        Dictionary<int, (double Rate, TimeSpan ExpiresAt)> leases = [];
        TimeSpan now = TimeSpan.Zero;
        foreach ((byte silo, byte accounts, byte milliseconds) in steps)
        {
            now += TimeSpan.FromMilliseconds(milliseconds * 10);
            leases[silo % 4] = (ledger.Renew(silo % 4, accounts + 1, now)!.Value, now + Duration);
            Assert.InRange(leases.Values.Where(lease => lease.ExpiresAt > now).Sum(lease => lease.Rate), 0, Rate + 1e-9);
        }

        // In rounds of equal silos, each has its share after two rounds.
        for (int round = 0; round < 2; round++)
        {
            now += TimeSpan.FromSeconds(1);
            foreach (int silo in Enumerable.Range(0, 4))
            {
                leases[silo] = (ledger.Renew(silo, 1, now)!.Value, now + Duration);
            }
        }

        now += TimeSpan.FromSeconds(1);
        Assert.All(Enumerable.Range(0, 4), silo => Assert.Equal(Rate / 4, ledger.Renew(silo, 1, now)!.Value, 1e-6));
    }
}
