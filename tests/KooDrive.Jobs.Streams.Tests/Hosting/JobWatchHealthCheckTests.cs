using KooDrive.Jobs.Streams.Tests.Watching;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class JobWatchHealthCheckTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckHealth_reports_the_state_of_the_polls()
    {
        await using var test = new WatchUnderTest();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(test)).Status);

        test.Record();
        test.Advance(1);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(test)).Status);

        test.Poller.Fail(Enumerable.Repeat(new JobsServerException("down"), 9).ToArray<Exception>());
        test.Advance(5);
        HealthReportEntry degraded = await CheckAsync(test);
        Assert.Equal((HealthStatus.Degraded, "down"), (degraded.Status, degraded.Exception!.Message));
        Assert.Equal(1, degraded.Data["consecutiveFailures"]);

        test.Advance(300);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(test)).Status);
    }

    [Fact]
    public async Task CheckHealth_reports_waiting_until_the_first_poll_completes()
    {
        await using var test = new WatchUnderTest();
        TaskCompletionSource hold = test.Poller.Hold = new TaskCompletionSource();
        test.Record(out IDisposable subscription);
        test.Advance(1);
        HealthReportEntry waiting = await CheckAsync(test);
        Assert.Equal((HealthStatus.Healthy, "Waiting for the first poll."), (waiting.Status, waiting.Description));

        test.Poller.Hold = null;
        hold.SetResult();
        test.Advance(1);
        Assert.Equal("Polls succeed.", (await CheckAsync(test)).Description);

        // The resumed polls have not had a result either.
        subscription.Dispose();
        test.Advance(60);
        test.Poller.Hold = new TaskCompletionSource();
        test.Record();
        test.Advance(1);
        Assert.Equal("Waiting for the first poll.", (await CheckAsync(test)).Description);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task CheckHealth_reports_the_correct_age_when_the_wall_clock_jumps(int hours)
    {
        await using var test = new WatchUnderTest();
        test.Advance(7_200);
        test.Record();
        test.Advance(1);
        test.Poller.Hold = new TaskCompletionSource();

        test.Clock.Ahead += TimeSpan.FromHours(hours);
        test.Advance(298);
        Assert.Equal((HealthStatus.Healthy, "Polls succeed."), await ReadAsync());

        test.Advance(2);
        (HealthStatus status, string? description) = await ReadAsync();
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.StartsWith("No poll has succeeded for 00:05:0", description, StringComparison.Ordinal);

        async Task<(HealthStatus, string?)> ReadAsync()
        {
            HealthReportEntry entry = await CheckAsync(test);
            return (entry.Status, entry.Description);
        }
    }

    [Fact]
    public async Task CheckHealth_is_unhealthy_when_no_poll_completes_after_the_start()
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
    public async Task CheckHealth_reports_the_registered_status_when_the_watch_ended_with_an_error()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsAuthenticationException("rejected"));
        test.Record();
        test.Advance(1);

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(test)).Status);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(test, HealthStatus.Degraded)).Status);
    }

    [Fact]
    public async Task CheckHealth_is_degraded_while_the_polls_wait_for_handlers()
    {
        await using var test = new WatchUnderTest();
        var handled = new TaskCompletionSource();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync(async (_, _) => await handled.Task, new MemoryCheckpointStore(), TestEnd);
        test.Advance(300);
        HealthReportEntry slow = await CheckAsync(test);
        test.Advance(1_000);
        HealthReportEntry degraded = await CheckAsync(test);
        test.Poller.Hold = new TaskCompletionSource();
        handled.SetResult();
        HealthReportEntry done = await CheckAsync(test);
        test.Advance(300);
        HealthReportEntry silent = await CheckAsync(test);
        test.Advance(1);
        HealthReportEntry overdue = await CheckAsync(test);

        Assert.Equal(
            [HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Unhealthy],
            new[] { slow, degraded, done, silent, overdue }.Select(entry => entry.Status));
        Assert.StartsWith("The handlers are slow: ", degraded.Description, StringComparison.Ordinal);
        Assert.StartsWith("No poll has succeeded", overdue.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_names_the_missing_registration()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks()
            .AddKooDriveJobs()
            .AddKooDriveJobs(serviceKey: "archive", failureStatus: HealthStatus.Degraded)
            .AddKooDriveJobs(serviceKey: "clientless");
        services.AddKeyedKooDriveJobWatch("clientless", _ => { });
        await using ServiceProvider provider = services.BuildServiceProvider();

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestEnd);

        HealthReportEntry plain = report.Entries["koodrive-jobs"];
        Assert.Equal(HealthStatus.Unhealthy, plain.Status);
        Assert.Equal("The container has no JobWatch to check: call services.AddKooDriveJobWatch too.", plain.Description);
        HealthReportEntry keyed = report.Entries["koodrive-jobs-archive"];
        Assert.Equal(HealthStatus.Degraded, keyed.Status);
        Assert.Equal(
            "The container has no JobWatch with the key 'archive' to check: call services.AddKeyedKooDriveJobWatch(\"archive\", …) too.", keyed.Description);
        Assert.Contains("AddKeyedKooDriveJobs(\"clientless\"", report.Entries["koodrive-jobs-clientless"].Description, StringComparison.Ordinal);
    }

    private static async Task<HealthReportEntry> CheckAsync(WatchUnderTest test, HealthStatus? failureStatus = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(test.Watch);
        services.AddHealthChecks().AddKooDriveJobs(failureStatus: failureStatus);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestEnd)).Entries["koodrive-jobs"];
    }
}
