using System.Net;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

public class BudgetMetricsTests
{
    [Fact]
    public async Task BudgetWaitDuration_records_the_attempts_that_waited()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        await using var measured = new MeasuredClient(handler, change: options => options.MaxRequestsPerSecond = 4);
        using MetricCollector<double> waits = measured.Collect<double>("koodrive.jobs.budget.wait.duration");
        await measured.Client.GetAsync();
        Assert.Empty(waits.GetMeasurementSnapshot());

        Task<JobPage> waiting = measured.Client.GetAsync();
        measured.Time.Advance(TimeSpan.FromSeconds(0.25));
        await waiting;

        CollectedMeasurement<double> wait = Assert.Single(waits.GetMeasurementSnapshot());
        Assert.Equal((0.25, "s", "drive.example"), (wait.Value, waits.Instrument!.Unit, wait.Tags["server.address"]));
    }

    [Fact]
    public async Task BudgetWaitDuration_records_a_wait_that_times_out()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        await using var measured = new MeasuredClient(handler, change: options => options.MaxRequestsPerSecond = 0.01);
        using MetricCollector<double> waits = measured.Collect<double>("koodrive.jobs.budget.wait.duration");
        await measured.Client.GetAsync();
        await Assert.ThrowsAsync<JobsThrottledException>(async () =>
        {
            Task<JobPage> first = measured.Client.GetAsync();
            Task<JobPage> second = measured.Client.GetAsync();
            measured.Time.Advance(TimeSpan.FromSeconds(100));
            await first;
            measured.Time.Advance(TimeSpan.FromSeconds(20));
            await second;
        });

        Assert.Equal([100, 120], waits.GetMeasurementSnapshot().Select(wait => wait.Value));
    }

    [Fact]
    public async Task BudgetPauseDuration_records_the_pauses_that_the_server_requested()
    {
        using var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "7")), _ => StubHandler.Page());
        await using var measured = new MeasuredClient(handler);
        using MetricCollector<double> pauses = measured.Collect<double>("koodrive.jobs.budget.pause.duration");
        using MetricCollector<double> waits = measured.Collect<double>("koodrive.jobs.budget.wait.duration");

        Task<JobPage> throttled = measured.Client.GetAsync();
        measured.Time.Advance(TimeSpan.FromSeconds(3));
        Task<JobPage> waiting = measured.Client.GetAsync();
        measured.Time.Advance(TimeSpan.FromSeconds(4));
        await Task.WhenAll(throttled, waiting);

        Assert.Equal(7, Assert.Single(pauses.GetMeasurementSnapshot()).Value);
        Assert.Equal(4, Assert.Single(waits.GetMeasurementSnapshot()).Value);
    }
}
