using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers clients of the jobs API of KooDrive.</summary>
public static class JobsServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="JobsClient"/> for the whole application, with options from configuration.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configuration">
    /// The section with the members of <see cref="JobsClientOptions"/>: <c>configuration.GetSection("KooDrive")</c>. If no <see cref="JobsCredential"/> is
    /// registered, the key <c>Token</c> is the access token, or <c>AppId</c> and <c>AppSecret</c> are those of an app: set them in user secrets, the environment
    /// or a vault. A token is read again after the server has rejected it. A key of a section that is not an option is an error.
    /// </param>
    /// <returns>
    /// A builder of the HTTP pipeline of the client, to add handlers. The library implements retries and timeouts, which cover the body of the response, and
    /// removes the default resilience handlers of the application. To use another resilience handler, add it here, set
    /// <see cref="JobsClientOptions.MaxRetries"/> to 0, and set <see cref="JobsClientOptions.AttemptTimeout"/> to the total time of its attempts: two layers of
    /// retries multiply.
    /// </returns>
    /// <remarks>
    /// <para>
    /// The client is a singleton with an HttpClient of <see cref="IHttpClientFactory"/>. Its connections live for
    /// <see cref="JobsClientOptions.ConnectionLifetime"/>, so it follows changes of DNS. It does not follow redirects and does not keep cookies. A
    /// <see cref="TimeProvider"/> in the container is its clock, and a <see cref="System.Threading.RateLimiting.RateLimiter"/> limits its requests. The loggers
    /// of the factory, which write four lines per request, are removed; add them again with <c>AddDefaultLogger()</c> on the returned builder.
    /// </para>
    /// <para>
    /// The options are validated when the host starts, and all errors are reported together, including a <see cref="JobsCredential"/> that is not registered.
    /// A value of the configuration that cannot be converted to the type of its option is reported alone, before the other errors. If a <see cref="JobsClient"/>
    /// is already registered, such as a fake of a test, that client is used.
    /// </para>
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddKooDriveJobs(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return JobsClientRegistration.Add(services, serviceKey: null, options => JobsClientRegistration.Bind(options, configuration));
    }

    /// <summary>Adds a <see cref="JobsClient"/> for the whole application, with options set in code.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the options. The credential is the registered <see cref="JobsCredential"/>.</param>
    /// <inheritdoc cref="AddKooDriveJobs(IServiceCollection, IConfiguration)"/>
    public static IHttpClientBuilder AddKooDriveJobs(this IServiceCollection services, Action<JobsClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return JobsClientRegistration.Add(services, serviceKey: null, options => options.Configure(configure));
    }

    /// <summary>Adds the <see cref="JobsClient"/> of one of several accounts, with options from configuration.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="serviceKey">
    /// The service key, as in <c>[FromKeyedServices("archive")] JobsClient</c>. The options have this name, and the client uses the <see cref="JobsCredential"/>
    /// registered with this key.
    /// </param>
    /// <param name="configuration">The section with the members of <see cref="JobsClientOptions"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="serviceKey"/> is null or empty.</exception>
    /// <inheritdoc cref="AddKooDriveJobs(IServiceCollection, IConfiguration)"/>
    public static IHttpClientBuilder AddKeyedKooDriveJobs(this IServiceCollection services, string serviceKey, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(configuration);
        return JobsClientRegistration.Add(services, serviceKey, options => JobsClientRegistration.Bind(options, configuration));
    }

    /// <summary>Adds the <see cref="JobsClient"/> of one of several accounts, with options set in code.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="serviceKey">The service key, as in <c>[FromKeyedServices("archive")] JobsClient</c>.</param>
    /// <param name="configure">Sets the options. The credential is the <see cref="JobsCredential"/> registered with the same key.</param>
    /// <inheritdoc cref="AddKeyedKooDriveJobs(IServiceCollection, string, IConfiguration)"/>
    public static IHttpClientBuilder AddKeyedKooDriveJobs(this IServiceCollection services, string serviceKey, Action<JobsClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);
        return JobsClientRegistration.Add(services, serviceKey, options => options.Configure(configure));
    }
}
