using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Registers a watch and its services. The service key is null for a watch without a key.</summary>
internal static class JobWatchRegistration
{
    public static JobWatchBuilder Add(IServiceCollection services, string? serviceKey, Action<OptionsBuilder<HostedJobWatchOptions>> configure)
    {
        OptionsBuilder<HostedJobWatchOptions> options = services.AddOptions<HostedJobWatchOptions>(JobsClientRegistration.OptionsName(serviceKey));
        configure(options);
        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HostedJobWatchOptions>, HostedJobWatchOptionsValidation>());
        if (!JobsClientRegistration.IsRegistered<LastValidOptions>(services, serviceKey))
        {
            services.AddKeyedSingleton(serviceKey, static (provider, key) => CreateOptions(provider, (string?)key));
        }

        if (!JobsClientRegistration.IsRegistered<JobWatch>(services, serviceKey))
        {
            services.AddKeyedSingleton(serviceKey, static (provider, key) => Create(provider, (string?)key));
        }

        return new JobWatchBuilder(services, serviceKey);
    }

    public static void AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        IServiceCollection services, string? serviceKey)
        where THandler : class, IJobChangeHandler
    {
        if (!Handlers(services, serviceKey).Any(handler => handler.Type == typeof(THandler)))
        {
            services.TryAddKeyedScoped<THandler>(serviceKey);
            Add(services, new HandlerRegistration(serviceKey, typeof(THandler), provider => provider.GetRequiredKeyedService<THandler>(serviceKey)));
        }
    }

    public static void AddHandler(IServiceCollection services, string? serviceKey, Func<JobChange, CancellationToken, ValueTask> handler)
    {
        var instance = new DelegateChangeHandler(handler);
        Add(services, new HandlerRegistration(serviceKey, typeof(DelegateChangeHandler), _ => instance));
    }

    private static void Add(IServiceCollection services, HandlerRegistration registration)
    {
        string? serviceKey = registration.ServiceKey;
        bool isFirst = !Handlers(services, serviceKey).Any();
        services.AddSingleton(registration);
        if (isFirst)
        {
            services.AddKeyedSingleton<HostedJobWatchState>(serviceKey);
            services.AddSingleton<IHostedService>(provider => new HostedJobWatch(
                () => CreateParts(provider, serviceKey), provider.GetRequiredKeyedService<HostedJobWatchState>(serviceKey)));
        }
    }

    private static IEnumerable<HandlerRegistration> Handlers(IServiceCollection services, string? serviceKey) => services
        .Select(service => service.IsKeyedService ? null : service.ImplementationInstance)
        .OfType<HandlerRegistration>()
        .Where(handler => handler.ServiceKey == serviceKey);

    /// <summary>Returns the last valid options.</summary>
    public static HostedJobWatchOptions Options(IServiceProvider provider, string? serviceKey) =>
        JobsClientRegistration.Find<LastValidOptions>(provider, serviceKey)?.Current
            ?? provider.GetRequiredService<IOptionsMonitor<HostedJobWatchOptions>>().Get(JobsClientRegistration.OptionsName(serviceKey));

    private static LastValidOptions CreateOptions(IServiceProvider provider, string? serviceKey) => new(
        JobsClientRegistration.OptionsName(serviceKey),
        provider.GetRequiredService<IOptionsFactory<HostedJobWatchOptions>>(),
        provider.GetServices<IOptionsChangeTokenSource<HostedJobWatchOptions>>(),
        Logger(provider));

    private static ILogger Logger(IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger<JobWatch>() ?? (ILogger)NullLogger.Instance;

    private static JobWatch Create(IServiceProvider provider, string? serviceKey)
    {
        JobsClient client = JobsClientRegistration.Find<JobsClient>(provider, serviceKey) ?? throw new InvalidOperationException(serviceKey is null
            ? "The watch has no client. Call services.AddKooDriveJobs too."
            : $"The watch '{serviceKey}' has no client. Call services.AddKeyedKooDriveJobs(\"{serviceKey}\", …) too.");
        JobWatchOptions options = Options(provider, serviceKey);

        // A service key means that there are several accounts.
        return client.WatchJobs(serviceKey is null ? options : options.WithStaggerByDefault(), Services(provider, serviceKey));
    }

    private static JobWatchServices Services(IServiceProvider provider, string? serviceKey) =>
        JobsClientRegistration.Find<JobWatchServices>(provider, serviceKey)
            ?? provider.GetService<JobWatchServices>()
            ?? new JobWatchServices { Scheduler = provider.GetService<IScheduler>() ?? DefaultScheduler.Instance };

    private static (JobWatch Watch, HandlerCalls Handlers, IJobCheckpointStore? Store, SaveCheckpoint Save) CreateParts(
        IServiceProvider provider, string? serviceKey)
    {
        HostedJobWatchOptions options = Options(provider, serviceKey);
        ILogger logger = Logger(provider);
        TimeProvider timeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        HandlerRegistration[] handlers = [.. provider.GetServices<HandlerRegistration>().Where(handler => handler.ServiceKey == serviceKey)];
        var calls = new HandlerCalls(
            provider.GetRequiredService<IServiceScopeFactory>(),
            handlers,
            options,
            timeProvider,
            logger,
            JobsClientRegistration.Find<JobsClient>(provider, serviceKey)?.Telemetry ?? ClientTelemetry.None);
        IJobCheckpointStore? store = options.CheckpointPath is { } path
            ? new FileJobCheckpointStore(path)
            : JobsClientRegistration.Find<IJobCheckpointStore>(provider, serviceKey);
        SaveCheckpoint save = store is null ? static (_, _) => new(true) : new CheckpointSaves(store, options, timeProvider, logger).SaveAsync;
        return (provider.GetRequiredKeyedService<JobWatch>(serviceKey), calls, store, save);
    }
}
