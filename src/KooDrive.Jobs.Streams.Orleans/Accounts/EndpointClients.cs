using System.Collections.Concurrent;
using KooDrive.Jobs.Streams.Budget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>The clients of a silo. The accounts of an endpoint share connections, retries and the silo's share of the request budget. Thread-safe.</summary>
internal sealed class EndpointClients(
    IOptions<JobWatchGrainOptions> options,
    EndpointBudgets budgets,
    ILoggerFactory loggerFactory,
    TimeProvider timeProvider,
    [FromKeyedServices(JobWatchGrainDefaults.HttpHandlerKey)] HttpMessageHandler? httpHandler = null) : IDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<JobsClient>> _clients = [];

    /// <summary>Returns the client of an account.</summary>
    public JobsClient Get(JobAccount account, JobsCredential credential) =>
        _clients.GetOrAdd(account.Endpoint, endpoint => new Lazy<JobsClient>(() => Create(endpoint))).Value.ForUser(account.UserId, credential);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (Lazy<JobsClient> client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private JobsClient Create(Uri endpoint)
    {
        EndpointBudget budget = budgets.Get(endpoint);
        var services = new JobsClientServices
        {
            HttpHandler = httpHandler,
            RateLimiter = budget.Limiter,
            OnPaused = budget.PauseCluster,
            LoggerFactory = loggerFactory,
            TimeProvider = timeProvider,
        };

        return new JobsClient(options.Value.ClientOf(endpoint), new AccessTokenCredential("none"), services);
    }
}
