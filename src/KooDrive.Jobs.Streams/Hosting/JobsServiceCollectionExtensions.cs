using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts KooDrive's jobs into an application's container.</summary>
public static class JobsServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="JobsClient"/> whose options come from configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">
    /// The section with the members of <see cref="JobsClientOptions"/>: <c>configuration.GetSection("KooDrive")</c>. The section contains no credential:
    /// register a <see cref="JobsCredential"/>, created from user secrets, the environment or a vault.
    /// </param>
    /// <returns>
    /// The client's HTTP pipeline, to add handlers to. Retries and timeouts are the library's own and cover the body of the answer; resilience handlers
    /// that the application gives to all its clients are left out. To bring your own, add it here and set <see cref="JobsClientOptions.MaxRetries"/> to 0
    /// and <see cref="JobsClientOptions.AttemptTimeout"/> to what all of its attempts may take together: two layers of retries multiply.
    /// </returns>
    /// <remarks>
    /// <para>
    /// One client for the whole application, as a singleton, around an HttpClient of <see cref="IHttpClientFactory"/>. Its connections live for
    /// <see cref="JobsClientOptions.ConnectionLifetime"/>, so a client and a watch that live long see DNS change. Redirects are not followed and cookies not
    /// kept. A <see cref="TimeProvider"/> in the container is its clock.
    /// </para>
    /// <para>
    /// The options are validated when the host starts, and every error is reported together, including a <see cref="JobsCredential"/> that is not registered.
    /// Only a value of the configuration that cannot be converted to its option's type is reported alone, before the rest. If a <see cref="JobsClient"/> is
    /// already registered, such as a fake of a test, that client is used.
    /// </para>
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddSingleton&lt;JobsCredential&gt;(new AppCredential(
    ///     builder.Configuration["KooDrive:AppId"]!, builder.Configuration["KooDrive:AppSecret"]!));
    /// builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddKooDriveJobs(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return JobsClientRegistration.Add(services, serviceKey: null, options => JobsClientRegistration.Bind(options, configuration));
    }

    /// <summary>Adds a <see cref="JobsClient"/> whose options are set in code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options. The credential is the registered <see cref="JobsCredential"/>.</param>
    /// <inheritdoc cref="AddKooDriveJobs(IServiceCollection, IConfiguration)"/>
    public static IHttpClientBuilder AddKooDriveJobs(this IServiceCollection services, Action<JobsClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return JobsClientRegistration.Add(services, serviceKey: null, options => options.Configure(configure));
    }

    /// <summary>Adds one of several <see cref="JobsClient"/>s, for applications that use several accounts. Its options come from configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">
    /// The account's name in the application: <c>[FromKeyedServices("archive")] JobsClient</c>. Its options have this name, and the
    /// <see cref="JobsCredential"/> is the one registered with this key.
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

    /// <summary>Adds one of several <see cref="JobsClient"/>s, for applications that use several accounts. Its options are set in code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The account's name in the application, as in <c>[FromKeyedServices("archive")] JobsClient</c>.</param>
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
