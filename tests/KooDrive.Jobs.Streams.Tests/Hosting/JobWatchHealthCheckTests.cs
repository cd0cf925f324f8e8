using KooDrive.Jobs.Streams.Tests.Watching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class JobWatchHealthCheckTests
{
    [Fact]
    public async Task CheckHealth_follows_the_polls_of_the_watch()
    {
        await using var test = new WatchUnderTest();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(test)).Status);

        test.Record();
        test.Advance(1);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(test)).Status);

        test.Poller.Fail(Enumerable.Repeat(new JobsServerException("down"), 9).ToArray<Exception>());
        test.Advance(5);
        HealthCheckResult degraded = await CheckAsync(test);
        Assert.Equal((HealthStatus.Degraded, "down"), (degraded.Status, degraded.Exception!.Message));
        Assert.Equal(1, degraded.Data["consecutiveFailures"]);

        test.Advance(300);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(test)).Status);
    }

    [Fact]
    public async Task CheckHealth_is_unhealthy_when_no_poll_has_come_to_its_end_since_they_began()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(1000);
        test.Record();
        test.Advance(300);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(test)).Status);

        test.Advance(1);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(test)).Status);
    }

    [Fact]
    public async Task CheckHealth_is_unhealthy_at_once_when_the_watch_ended_with_an_error_and_says_what_the_registration_wants()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsAuthenticationException("refused"));
        test.Record();
        test.Advance(1);

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(test)).Status);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(test, HealthStatus.Degraded)).Status);
    }

    private static Task<HealthCheckResult> CheckAsync(WatchUnderTest test, HealthStatus? failureStatus = null)
    {
        var check = new JobWatchHealthCheck(test.Watch, TimeSpan.FromMinutes(5));
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("jobs", check, failureStatus, tags: null) };
        return check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
    }
}
