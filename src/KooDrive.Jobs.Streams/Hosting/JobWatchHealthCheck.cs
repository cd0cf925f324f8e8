using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KooDrive.Jobs.Streams;

/// <summary>Tells how a watch is doing, without a request of its own.</summary>
internal sealed class JobWatchHealthCheck(JobWatch watch, TimeSpan unhealthyAfter) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan? age = watch.SuccessAge;
        JobWatchHealth health = watch.Health;
        var data = new Dictionary<string, object>
        {
            ["polls"] = health.Polls,
            ["consecutiveFailures"] = health.ConsecutiveFailures,
        };
        if (health.LastSuccess is { } lastSuccess)
        {
            data["lastSuccess"] = lastSuccess;
        }

        (HealthStatus status, string description) = (age, health.LastError) switch
        {
            (null, null) => (HealthStatus.Healthy, "The watch rests: nobody subscribes."),
            (null, _) => (context.Registration.FailureStatus, "The watch has ended with an error."),
            ({ } old, _) when old > unhealthyAfter => (context.Registration.FailureStatus, $"No poll has succeeded for {old}."),
            (_, not null) => (HealthStatus.Degraded, $"The last {health.ConsecutiveFailures} polls failed."),
            _ => (HealthStatus.Healthy, "Polls succeed."),
        };
        return Task.FromResult(new HealthCheckResult(status, description, health.LastError, data));
    }
}
