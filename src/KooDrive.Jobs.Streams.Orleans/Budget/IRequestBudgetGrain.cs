using Orleans.Concurrency;

namespace KooDrive.Jobs.Streams.Budget;

/// <summary>The request budget of an endpoint for the whole cluster. Its key is the endpoint.</summary>
[Alias("koodrive.request-budget")]
internal interface IRequestBudgetGrain : IGrainWithStringKey
{
    /// <summary>Renews the share of a silo.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="accountCount">The number of its accounts.</param>
    /// <param name="observer">Receives pauses until the lease expires.</param>
    [Alias("lease")]
    public Task<BudgetLease> LeaseAsync(SiloAddress silo, int accountCount, IPauseObserver observer);

    /// <summary>Pauses the requests of all silos, as the server requested with <c>Retry-After</c>.</summary>
    [Alias("pause")]
    public Task PauseAsync(TimeSpan pause);
}

/// <summary>Receives pauses on a silo.</summary>
[Alias("koodrive.pause-observer")]
internal interface IPauseObserver : IGrainObserver
{
    [OneWay]
    [Alias("pause")]
    public Task PauseAsync(TimeSpan pause);
}

/// <summary>The share of a silo.</summary>
/// <param name="Rate">The rate in requests per second, from the time of the request on; null when the budget grants no leases yet.</param>
/// <param name="PauseRemaining">The remaining time of a pause; zero for none.</param>
[GenerateSerializer]
[Immutable]
[Alias("koodrive.budget-lease")]
internal readonly record struct BudgetLease([property: Id(0)] double? Rate, [property: Id(1)] TimeSpan PauseRemaining);
