using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of watches.</summary>
public static class JobsHealthChecksBuilderExtensions
{
    /// <summary>Adds a health check of the watch that <c>AddKooDriveJobWatch</c> registered.</summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="name">The name of the check; null (the default) means <c>koodrive-jobs</c>, followed by a hyphen and the service key if there is one.</param>
    /// <param name="serviceKey">The service key of the watch; null (the default) means the watch without a key.</param>
    /// <param name="failureStatus">The status to report instead of unhealthy; null (the default) means unhealthy.</param>
    /// <param name="tags">The tags of the check; null (the default) means none.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The check reports unhealthy when no poll has succeeded for <see cref="HostedJobWatchOptions.UnhealthyAfter"/>, or when the watch or its handlers have ended
    /// with an error. It reports degraded while polls fail, and when the polls have waited that long for handlers with a checkpoint. It sends no requests.
    /// </remarks>
    public static IHealthChecksBuilder AddKooDriveJobs(
        this IHealthChecksBuilder builder,
        string? name = null,
        string? serviceKey = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name ?? (serviceKey is null ? "koodrive-jobs" : $"koodrive-jobs-{serviceKey}"),
            provider => new JobWatchHealthCheck(provider, serviceKey),
            failureStatus,
            tags));
    }
}
