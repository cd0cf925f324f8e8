using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Budget;

/// <summary>The shares of this silo in the request budgets of all endpoints. Thread-safe.</summary>
internal sealed class EndpointBudgets(
    IOptions<JobWatchGrainOptions> options, IGrainFactory grains, ILocalSiloDetails silo, ILogger<EndpointBudgets> logger, TimeProvider timeProvider)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<EndpointBudget>> _budgets = [];

    public EndpointBudget Get(Uri endpoint) => _budgets.GetOrAdd(endpoint, _ => new Lazy<EndpointBudget>(
        () => new EndpointBudget(endpoint, new EndpointBudgetServices(options.Value, grains, silo.SiloAddress, logger, timeProvider)))).Value;

    public void Enter(Uri endpoint) => Get(endpoint).Enter();

    public void Leave(Uri endpoint) => Get(endpoint).Leave();

    /// <summary>Stops the renewals.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<EndpointBudget> budget in _budgets.Values.Where(budget => budget.IsValueCreated))
        {
            await budget.Value.DisposeAsync().ConfigureAwait(false);
        }
    }
}
