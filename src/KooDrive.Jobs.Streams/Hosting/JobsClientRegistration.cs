using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Registers a client and its services. The service key is null for a client without a key.</summary>
internal static class JobsClientRegistration
{
    public static IHttpClientBuilder Add(IServiceCollection services, string? serviceKey, Action<OptionsBuilder<JobsClientOptions>> configure)
    {
        OptionsBuilder<JobsClientOptions> options = services.AddOptions<JobsClientOptions>(OptionsName(serviceKey));
        configure(options);
        IHttpClientBuilder http = services.AddHttpClient(HttpClientName(serviceKey));
        if (IsRegistered<JobsClient>(services, serviceKey))
        {
            // A further call only adds options, and a registered fake needs no services.
            return http;
        }

        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JobsClientOptions>, JobsClientOptionsValidation>());
        services.AddMetrics();
        services.TryAddSingleton<JobsInstruments>();
        services.AddKeyedSingleton(serviceKey, static (provider, key) => Create(provider, (string?)key));
        return http

            // The default loggers write four lines per request, and repeat every failure with its stack trace. The application can add them again with AddDefaultLogger.
            .RemoveAllLoggers()
            .ConfigureHttpClient(static client => client.Timeout = ConnectionPool.ClientTimeout)

            // The client lives as long as the application: instead of its handler, its connections are rotated, which follows changes of DNS too.
            .ConfigurePrimaryHttpMessageHandler(provider => ConnectionPool.CreateHandler(Options(provider, serviceKey).ConnectionLifetime))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

            // Default resilience handlers of the application would multiply the retries, and do not cover the body.
            .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => RemoveAll<ResilienceHandler>(handlers));
    }

    /// <summary>Binds the options, and reads the credential from the same section if the application registers none.</summary>
    public static void Bind(OptionsBuilder<JobsClientOptions> options, IConfiguration configuration)
    {
        options.Bind(configuration);
        options.Services.TryAddKeyedSingleton(ServiceKey(options.Name), new ConfiguredCredential(configuration));
        CheckKeys<JobsClientOptions>(options, configuration, ConfiguredCredential.Keys, subsections: ["Watch"]);
    }

    /// <summary>Validates the keys of a section. A root is not validated, because it contains the keys of the whole application.</summary>
    public static void CheckKeys<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(
        OptionsBuilder<TOptions> options, IConfiguration configuration, string[] credentialKeys, string[] subsections)
        where TOptions : class
    {
        if (configuration is IConfigurationSection section)
        {
            options.Services.AddSingleton<IValidateOptions<TOptions>>(
                new ConfigurationKeys<TOptions>(options.Name ?? Microsoft.Extensions.Options.Options.DefaultName, section, credentialKeys, subsections));
        }
    }

    /// <summary>Returns the registered credential, or the credential in the configuration; null if there is neither.</summary>
    /// <exception cref="ArgumentException">A value of the configuration has invalid characters.</exception>
    public static JobsCredential? Credential(IServiceProvider provider, string? serviceKey) =>
        Find<JobsCredential>(provider, serviceKey) ?? Find<ConfiguredCredential>(provider, serviceKey)?.Create();

    public static bool IsRegistered<T>(IServiceCollection services, string? serviceKey) =>
        services.Any(service => service.ServiceType == typeof(T) && Equals(service.ServiceKey, serviceKey));

    /// <summary>Returns the service with the key, or without a key, which containers without keyed services support too.</summary>
    public static T? Find<T>(IServiceProvider provider, string? serviceKey)
        where T : class => serviceKey is null ? provider.GetService<T>() : provider.GetKeyedService<T>(serviceKey);

    public static string OptionsName(string? serviceKey) => serviceKey ?? Microsoft.Extensions.Options.Options.DefaultName;

    /// <summary>Returns the service key for a name of options; null for a client without a key.</summary>
    public static string? ServiceKey(string? optionsName) => string.IsNullOrEmpty(optionsName) ? null : optionsName;

    private static void RemoveAll<T>(IList<DelegatingHandler> handlers)
        where T : DelegatingHandler
    {
        foreach (T handler in handlers.OfType<T>().ToArray())
        {
            handlers.Remove(handler);
        }
    }

    private static string HttpClientName(string? serviceKey) =>
        serviceKey is null ? typeof(JobsClient).Namespace! : $"{typeof(JobsClient).Namespace}:{serviceKey}";

    private static JobsClientOptions Options(IServiceProvider provider, string? serviceKey) =>
        provider.GetRequiredService<IOptionsMonitor<JobsClientOptions>>().Get(OptionsName(serviceKey));

    private static JobsClient Create(IServiceProvider provider, string? serviceKey)
    {
        // First, because the validation reports how to register a missing credential.
        JobsClientOptions options = Options(provider, serviceKey);
        var services = new JobsClientServices
        {
            // The disposal of an HttpClient of the factory ends its requests in flight and does not affect the handler.
            HttpClient = provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName(serviceKey)),
            RateLimiter = Find<RateLimiter>(provider, serviceKey) ?? provider.GetService<RateLimiter>(),
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
        };
        return new JobsClient(
            options,
            Credential(provider, serviceKey)!,
            services,
            ownsHttpClient: true,
            provider.GetRequiredService<JobsInstruments>(),
            serviceKey);
    }
}
