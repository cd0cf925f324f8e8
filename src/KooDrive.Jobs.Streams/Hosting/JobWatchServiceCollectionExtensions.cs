using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers watches that the host runs.</summary>
public static class JobWatchServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="JobWatch"/> for the whole application, with options from configuration.</summary>
    /// <param name="services">The services of the application. <c>AddKooDriveJobs</c> adds the client of the watch.</param>
    /// <param name="configuration">
    /// The section with the members of <see cref="HostedJobWatchOptions"/>: <c>configuration.GetSection("KooDrive:Watch")</c>. A key that is not an option is
    /// an error.
    /// </param>
    /// <returns>A builder to add handlers. With a handler, the watch runs as a hosted service; without a handler, it polls while it has subscribers.</returns>
    /// <remarks>
    /// <para>
    /// Handlers are called one change at a time, in the order in which they were added, each attempt in a new scope. A handler that throws is retried
    /// (<see cref="HostedJobWatchOptions.MaxHandlerRetries"/>), and then <see cref="HostedJobWatchOptions.FailedChangeAction"/> applies. The checkpoint, if
    /// there is one, is saved after the handlers have processed every event of a poll; then the next poll starts. After a crash, events that were not
    /// processed are delivered again. Non-transient errors of the polls that persist (<see cref="JobWatchOptions.FatalErrorGracePeriod"/>) fail the hosted
    /// service. A host that stops throws the error of a failed hosted service from <c>StopAsync</c> and <c>RunAsync</c>, so the process ends with an exit code
    /// other than 0 and a supervisor can restart it.
    /// </para>
    /// <para>
    /// A reload of the configuration affects <see cref="HostedJobWatchOptions.UnhealthyAfter"/>; the other options apply from the next start. A reload with
    /// invalid values is logged and otherwise ignored.
    /// </para>
    /// <para>
    /// A <see cref="TimeProvider"/> in the container times the retries of handlers. A <see cref="JobWatchServices"/> in the container, with the service key of
    /// the watch or without a key, supplies the scheduler of the polls and the policy for errors; without one, an
    /// <see cref="System.Reactive.Concurrency.IScheduler"/> in the container is the scheduler. If a <see cref="JobWatch"/> is already registered, such as a fake
    /// of a test, that watch is used. The options are validated when the host starts, and all errors are reported together.
    /// </para>
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
    /// builder.Services.AddKooDriveJobWatch(builder.Configuration.GetSection("KooDrive:Watch")).AddHandler&lt;FailureMailer&gt;();
    /// builder.Services.AddHealthChecks().AddKooDriveJobs();
    /// </code>
    /// </example>
    public static JobWatchBuilder AddKooDriveJobWatch(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return JobWatchRegistration.Add(services, serviceKey: null, options => Bind(options, configuration));
    }

    /// <summary>Adds a <see cref="JobWatch"/> for the whole application, with options set in code.</summary>
    /// <param name="services">The services of the application. <c>AddKooDriveJobs</c> adds the client of the watch.</param>
    /// <param name="configure">Sets the options.</param>
    /// <inheritdoc cref="AddKooDriveJobWatch(IServiceCollection, IConfiguration)"/>
    public static JobWatchBuilder AddKooDriveJobWatch(this IServiceCollection services, Action<HostedJobWatchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return JobWatchRegistration.Add(services, serviceKey: null, options => options.Configure(configure));
    }

    /// <summary>Adds the watch of one of several accounts, with options from configuration.</summary>
    /// <param name="services">The services of the application. <c>AddKeyedKooDriveJobs</c> adds the client of the watch.</param>
    /// <param name="serviceKey">
    /// The service key, as in <c>[FromKeyedServices("archive")] JobWatch</c>. The watch uses the client, the <see cref="IJobCheckpointStore"/> and the handlers
    /// registered with this key.
    /// </param>
    /// <param name="configuration">The section with the members of <see cref="HostedJobWatchOptions"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="serviceKey"/> is null or empty.</exception>
    /// <inheritdoc cref="AddKooDriveJobWatch(IServiceCollection, IConfiguration)"/>
    public static JobWatchBuilder AddKeyedKooDriveJobWatch(this IServiceCollection services, string serviceKey, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(configuration);
        return JobWatchRegistration.Add(services, serviceKey, options => Bind(options, configuration));
    }

    /// <summary>Adds the watch of one of several accounts, with options set in code.</summary>
    /// <param name="services">The services of the application. <c>AddKeyedKooDriveJobs</c> adds the client of the watch.</param>
    /// <param name="serviceKey">The service key, as in <c>[FromKeyedServices("archive")] JobWatch</c>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <inheritdoc cref="AddKeyedKooDriveJobWatch(IServiceCollection, string, IConfiguration)"/>
    public static JobWatchBuilder AddKeyedKooDriveJobWatch(this IServiceCollection services, string serviceKey, Action<HostedJobWatchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);
        return JobWatchRegistration.Add(services, serviceKey, options => options.Configure(configure));
    }

    private static void Bind(OptionsBuilder<HostedJobWatchOptions> options, IConfiguration configuration)
    {
        options.Bind(configuration);
        JobsClientRegistration.CheckKeys(options, configuration, credentialKeys: [], subsections: []);
    }
}
