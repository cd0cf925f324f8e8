using KooDrive.Jobs.Streams.Budget;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class RequestBudgetGrainTests
{
    private static readonly SiloAddress First = SiloAddress.FromParsableString("127.0.0.1:1@1");
    private static readonly SiloAddress Second = SiloAddress.FromParsableString("127.0.0.1:2@1");

    private readonly FakeTimeProvider _time = new();
    private readonly JobWatchGrainOptions _options = new() { MaxRequestsPerSecond = 100 };
    private readonly List<(SiloAddress Silo, TimeSpan Pause)> _pauses = [];

    [Fact]
    public async Task LeaseAsync_grants_nothing_before_the_leases_of_an_earlier_budget_have_expired()
    {
        RequestBudgetGrain budget = Create();

        Assert.Null((await LeaseAsync(budget, First)).Rate);
        _time.Advance(_options.BudgetLeaseDuration - TimeSpan.FromTicks(1));
        Assert.Null((await LeaseAsync(budget, First)).Rate);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(100, (await LeaseAsync(budget, First)).Rate);
    }

    [Fact]
    public async Task PauseAsync_reaches_every_silo_with_a_lease_and_the_next_renewals()
    {
        RequestBudgetGrain budget = Create();
        await LeaseAsync(budget, First);
        _time.Advance(_options.BudgetLeaseDuration);
        await LeaseAsync(budget, Second);

        await budget.PauseAsync(TimeSpan.FromSeconds(9));
        await budget.PauseAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([(Second, TimeSpan.FromSeconds(9))], _pauses);
        Assert.Equal(TimeSpan.FromSeconds(8), (await LeaseAsync(budget, First)).PauseRemaining);
    }

    private RequestBudgetGrain Create() => new(Options.Create(_options), _time);

    private Task<BudgetLease> LeaseAsync(RequestBudgetGrain budget, SiloAddress silo) => budget.LeaseAsync(silo, 1, Fake<IPauseObserver>.Create((_, arguments) =>
    {
        _pauses.Add((silo, (TimeSpan)arguments[0]!));
        return Task.CompletedTask;
    }));
}
