using System.Collections.Concurrent;
using KooDrive.Jobs.Streams.Budget;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>Starts the watches of a silo. Thread-safe.</summary>
internal sealed class AccountRunFactory(
    IOptions<JobWatchGrainOptions> options,
    EndpointClients clients,
    EndpointBudgets budgets,
    IJobsCredentialProvider credentials,
    IJobEventSink sink,
    ILogger<AccountRun> logger,
    TimeProvider timeProvider)
{
    private readonly AccountServices _services = new(options.Value, clients, budgets, credentials, sink, logger, timeProvider);

    // An account's own address would be a tenth of its memory.
    private readonly ConcurrentDictionary<Uri, Uri> _endpoints = [];

    public AccountRun Start(JobAccount account, IJobCheckpointStore store)
    {
        var run = new AccountRun(account.Share(_endpoints), store, _services);
        run.Start();
        return run;
    }
}
