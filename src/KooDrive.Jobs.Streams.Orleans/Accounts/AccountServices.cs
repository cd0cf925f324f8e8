using KooDrive.Jobs.Streams.Budget;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>What all accounts of a silo share.</summary>
internal sealed record AccountServices(
    JobWatchGrainOptions Options,
    EndpointClients Clients,
    EndpointBudgets Budgets,
    IJobsCredentialProvider Credentials,
    IJobEventSink Sink,
    ILogger Logger,
    TimeProvider TimeProvider)
{
    public JobWatchServices Watch { get; } = new();
}
