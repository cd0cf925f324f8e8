using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Accounts;
using KooDrive.Jobs.Streams.Budget;
using KooDrive.Jobs.Streams.Hosting;
using KooDrive.Jobs.Streams.Recovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds the watches of many KooDrive accounts to a silo.</summary>
public static class JobWatchesSiloBuilderExtensions
{
    /// <summary>Adds the grains of the accounts and their recovery.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the options; null (the default) means the defaults.</param>
    /// <returns>The silo.</returns>
    /// <remarks>
    /// <para>
    /// The container must have an <see cref="IJobEventSink"/> and an <see cref="IJobsCredentialProvider"/>; otherwise the silo does not start.
    /// </para>
    /// <para>
    /// Checkpoints are in the grain storage named <see cref="JobWatchGrainDefaults.StorageName"/>. Without such a storage, checkpoints are in memory; without a
    /// reminder service, reminders are. That suits a single silo whose state may be lost. A cluster needs durable storage and reminders, such as those of Redis.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ISiloBuilder AddKooDriveJobWatches(this ISiloBuilder builder, Action<JobWatchGrainOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        OptionsBuilder<JobWatchGrainOptions> options = services.AddOptions<JobWatchGrainOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JobWatchGrainOptions>, JobWatchGrainOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EndpointBudgets>();
        services.TryAddSingleton<EndpointClients>();
        services.TryAddSingleton<AccountRunFactory>();
        services.TryAddSingleton<AccountBuckets>();
        services.TryAddSingleton<AccountPings>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, MembershipWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, StartChecks>());
        services.AddSerializer(serializer => serializer.AddAssembly(typeof(JobWatchesSiloBuilderExtensions).Assembly));
        AddDefaultStorage(builder);
        return builder;
    }

    // A registration that follows replaces these.
    private static void AddDefaultStorage(ISiloBuilder builder)
    {
        if (!builder.Services.Any(service => service.ServiceType == typeof(IGrainStorage) && service.ServiceKey is JobWatchGrainDefaults.StorageName))
        {
            builder.AddMemoryGrainStorage(JobWatchGrainDefaults.StorageName);
        }

        builder.AddReminders();
        if (!builder.Services.Any(service => service.ServiceType == typeof(IReminderTable)))
        {
            builder.UseInMemoryReminderService();
        }
    }
}
