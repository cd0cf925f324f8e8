using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Reports the health of a watch without sending a request.</summary>
/// <param name="provider">The container of the watch. Resolved at each check, so that an exception becomes the result of this check alone.</param>
/// <param name="serviceKey">The service key of the watch; null for the watch without a key.</param>
internal sealed class JobWatchHealthCheck(IServiceProvider provider, string? serviceKey) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failed = context.Registration.FailureStatus;
        if (JobsClientRegistration.Find<JobWatch>(provider, serviceKey) is not { } watch)
        {
            return Task.FromResult(new HealthCheckResult(failed, serviceKey is null
                ? "The container has no JobWatch to check: call services.AddKooDriveJobWatch too."
                : $"The container has no JobWatch with the key '{serviceKey}' to check: call services.AddKeyedKooDriveJobWatch(\"{serviceKey}\", …) too."));
        }

        TimeSpan limit = JobWatchRegistration.Options(provider, serviceKey).UnhealthyAfter;
        Exception? exception = JobsClientRegistration.Find<HostedJobWatchState>(provider, serviceKey)?.Exception;

        // In this order, so that the time of a wait never counts as overdue.
        bool awaitsHandler = watch.AwaitsHandler;
        TimeSpan? overdue = watch.Overdue;
        bool awaitsFirstPoll = watch.AwaitsFirstPoll;
        JobWatchHealth health = watch.Health;
        var data = new Dictionary<string, object>
        {
            ["polls"] = health.PollCount,
            ["consecutiveFailures"] = health.ConsecutiveFailureCount,
        };
        if (health.LastSuccessAt is { } lastSuccess)
        {
            data["lastSuccess"] = lastSuccess;
        }

        (HealthStatus status, string description) = (overdue, health.LastException) switch
        {
            _ when exception is not null => (failed, "The hosted watch has ended with an error and no longer calls its handlers. Restart the host."),
            (null, null) => (HealthStatus.Healthy, "The watch is idle because it has no subscribers."),
            (null, _) => (failed, "The watch has ended with an error. Correct the cause, and restart the host."),
            ({ } old, _) when old > limit && awaitsHandler => (HealthStatus.Degraded, $"The handlers are slow: the next poll has waited {old} for them."),
            ({ } old, _) when old > limit => (failed, $"No poll has succeeded for {old}. Check the log for the failed polls."),
            (_, not null) => (HealthStatus.Degraded, $"The last {health.ConsecutiveFailureCount} polls failed."),
            _ when awaitsFirstPoll => (HealthStatus.Healthy, "Waiting for the first poll."),
            _ => (HealthStatus.Healthy, "Polls succeed."),
        };
        return Task.FromResult(new HealthCheckResult(status, description, exception ?? health.LastException, data));
    }
}
