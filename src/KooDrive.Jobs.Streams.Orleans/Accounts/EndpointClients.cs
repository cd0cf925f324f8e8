using System.Collections.Concurrent;
using KooDrive.Jobs.Streams.Budget;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>The clients of a silo. The accounts of an endpoint share connections, retries and the silo's share of the request budget. Thread-safe.</summary>
internal sealed class EndpointClients(
    IOptions<JobWatchesOptions> options, EndpointBudgets budgets, ILoggerFactory loggerFactory, TimeProvider timeProvider) : IDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<Endpoint>> _endpoints = [];

    /// <summary>Returns the client of an account.</summary>
    public JobsClient Get(JobAccount account, JobsCredential credential) =>
        _endpoints.GetOrAdd(account.Endpoint, address => new Lazy<Endpoint>(() => Create(address))).Value.Client.ForUser(account.UserId, credential);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (Lazy<Endpoint> endpoint in _endpoints.Values.Where(endpoint => endpoint.IsValueCreated))
        {
            endpoint.Value.Client.Dispose();
            endpoint.Value.Handler.Dispose();
        }
    }

    private Endpoint Create(Uri address)
    {
        EndpointBudget budget = budgets.Get(address);
        var handler = new RetryAfterHandler(budget, options.Value.Client.ConnectionLifetime, timeProvider);
        var services = new JobsClientServices
        {
            HttpHandler = handler,
            RateLimiter = budget.Limiter,
            LoggerFactory = loggerFactory,
            TimeProvider = timeProvider,
        };

        // The user of this client sends no request. The client copies the options.
        lock (options.Value.Client)
        {
            options.Value.Client.Endpoint = address;
            options.Value.Client.UserId = "none";
            return new Endpoint(new JobsClient(options.Value.Client, new AccessTokenCredential("none"), services), handler);
        }
    }

    private sealed record Endpoint(JobsClient Client, RetryAfterHandler Handler);
}
