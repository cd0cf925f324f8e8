using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Tells how a watch is doing, without a request of its own.</summary>
/// <param name="provider">Where the watch is. Asked at each check, where what it throws is the check's result and not the end of all checks.</param>
/// <param name="serviceKey">The watch's service key; null for the application's only one.</param>
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
        Exception? fault = JobsClientRegistration.Find<HostedJobWatchState>(provider, serviceKey)?.Fault;

        // In this order: what waits now is not overdue when it no longer waits.
        bool awaitsHandler = watch.AwaitsHandler;
        TimeSpan? overdue = watch.Overdue;
        bool awaitsFirstPoll = watch.AwaitsFirstPoll;
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

        (HealthStatus status, string description) = (overdue, health.LastError) switch
        {
            _ when fault is not null => (failed, "The handlers are called no more: the hosted watch has ended with an error."),
            (null, null) => (HealthStatus.Healthy, "The watch rests: nobody subscribes."),
            (null, _) => (failed, "The watch has ended with an error."),
            ({ } old, _) when old > limit && awaitsHandler => (HealthStatus.Degraded, $"The handlers are behind: the polls have waited {old} for them."),
            ({ } old, _) when old > limit => (failed, $"No poll has succeeded for {old}."),
            (_, not null) => (HealthStatus.Degraded, $"The last {health.ConsecutiveFailures} polls failed."),
            _ when awaitsFirstPoll => (HealthStatus.Healthy, "Waiting for the first poll."),
            _ => (HealthStatus.Healthy, "Polls succeed."),
        };
        return Task.FromResult(new HealthCheckResult(status, description, fault ?? health.LastError, data));
    }
}
