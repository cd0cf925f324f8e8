using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Ends the start of a silo that lacks a service, instead of failing each account later.</summary>
internal sealed class StartChecks(IServiceProvider services, ILogger<StartChecks> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        lifecycle.Subscribe(nameof(StartChecks), ServiceLifecycleStage.First, _ =>
        {
            Check();
            return Task.CompletedTask;
        });
    }

    private void Check()
    {
        Require<IJobEventSink>();
        Require<IJobsCredentialProvider>();
        if (services.GetKeyedService<IGrainStorage>(JobWatchGrainDefaults.StorageName) is MemoryGrainStorage)
        {
            AccountLog.StorageInMemory(logger, JobWatchGrainDefaults.StorageName);
        }
    }

    private void Require<T>()
    {
        if (services.GetService<T>() is null)
        {
            throw new InvalidOperationException($"The container has no {typeof(T).Name}: register one with the services of the silo.");
        }
    }
}
