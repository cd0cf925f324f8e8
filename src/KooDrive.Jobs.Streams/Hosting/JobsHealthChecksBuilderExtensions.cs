using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts watches among an application's health checks.</summary>
public static class JobsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of the watch that <c>AddKooDriveJobWatch</c> put into the container: unhealthy when no poll has succeeded for
    /// <see cref="HostedJobWatchOptions.UnhealthyAfter"/>, or the watch or its handlers have ended with an error; degraded while polls fail, or have waited
    /// that long for handlers with a checkpoint; else healthy. It sends nothing.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The check's name; null for <c>koodrive-jobs</c>, followed by a hyphen and the service key if there is one.</param>
    /// <param name="serviceKey">The account's name in the application; null for its only one.</param>
    /// <param name="failureStatus">What to say instead of unhealthy; null for unhealthy.</param>
    /// <param name="tags">The check's tags.</param>
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
