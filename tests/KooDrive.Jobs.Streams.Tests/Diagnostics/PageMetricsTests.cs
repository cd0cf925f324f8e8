using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

public class PageMetricsTests
{
    [Fact]
    public async Task PageDuration_is_recorded_in_seconds_with_server_and_status()
    {
        MeasuredClient? measured = null;
        using var handler = new StubHandler(_ =>
        {
            measured!.Time.Advance(TimeSpan.FromMilliseconds(250));
            return StubHandler.Page(Pages.Documented);
        });
        await using MeasuredClient own = measured = new MeasuredClient(handler);
        using MetricCollector<double> collector = measured.Collect<double>("koodrive.jobs.page.duration");

        await measured.Client.GetAsync();

        CollectedMeasurement<double> measurement = Assert.Single(collector.GetMeasurementSnapshot());
        Assert.Equal(0.25, measurement.Value);
        Assert.Equal("s", collector.Instrument!.Unit);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["server.address"] = "drive.example",
                ["server.port"] = 8443,
                ["http.response.status_code"] = 200,
            },
            measurement.Tags);
    }

    [Fact]
    public async Task PageDuration_of_a_failure_has_the_error_type_and_includes_retries()
    {
        using var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "{}"));
        await using var measured = new MeasuredClient(handler, change: options => options.MaxRetries = 2);
        using MetricCollector<double> durations = measured.Collect<double>("koodrive.jobs.page.duration");
        using MetricCollector<long> retries = measured.Collect<long>("koodrive.jobs.page.retries");
        using MetricCollector<long> jobs = measured.Collect<long>("koodrive.jobs.page.jobs");

        Task<JobPage> getting = measured.Client.GetAsync();
        await measured.Time.RunAsync(getting, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<JobsServerException>(() => getting);

        CollectedMeasurement<double> duration = Assert.Single(durations.GetMeasurementSnapshot());
        Assert.True(duration.Value >= 1, $"{duration.Value} s do not cover the waits");
        Assert.Equal("KooDrive.Jobs.Streams.JobsServerException", duration.Tags["error.type"]);
        Assert.Equal(502, duration.Tags["http.response.status_code"]);
        Assert.Equal([1, 1], retries.GetMeasurementSnapshot().Select(retry => retry.Value));
        Assert.All(retries.GetMeasurementSnapshot(), retry => Assert.Equal("KooDrive.Jobs.Streams.JobsServerException", retry.Tags["error.type"]));
        Assert.Empty(jobs.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task PageRetries_counts_a_renewed_credential()
    {
        using var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"), _ => StubHandler.Page());
        await using var measured = new MeasuredClient(handler, credential: new AccessTokenCredential(_ => new("token")));
        using MetricCollector<long> retries = measured.Collect<long>("koodrive.jobs.page.retries");

        await measured.Client.GetAsync();

        Assert.Equal("KooDrive.Jobs.Streams.JobsAuthenticationException", Assert.Single(retries.GetMeasurementSnapshot()).Tags["error.type"]);
    }

    [Fact]
    public async Task PageJobs_counts_the_jobs_read()
    {
        using var handler = new StubHandler(_ => StubHandler.Page(Pages.Documented));
        await using var measured = new MeasuredClient(handler);
        using MetricCollector<long> jobs = measured.Collect<long>("koodrive.jobs.page.jobs");

        await measured.Client.GetAsync();

        Assert.Equal(2, Assert.Single(jobs.GetMeasurementSnapshot()).Value);
    }

    [Fact]
    public async Task PageInvalidFields_counts_by_field_and_logs_once_per_page()
    {
        using var handler = new StubHandler(_ => StubHandler.Page(
            """{"code":0,"data":[{"taskId":"1","status":"odd","progress":4.5},{"taskId":"2","status":[]},{"taskId":"3","status":1}]}"""));
        using var logger = new RecordingLogger();
        await using var measured = new MeasuredClient(handler, loggerFactory: logger);
        using MetricCollector<long> fields = measured.Collect<long>("koodrive.jobs.page.invalid_fields");

        Assert.Equal(3, (await measured.Client.GetAsync()).Jobs.Count);

        Assert.Equal(
            [("status", 2L), ("progress", 1L)],
            fields.GetMeasurementSnapshot().Select(field => ((string)field.Tags["koodrive.jobs.page.field"]!, field.Value)));
        Assert.All(fields.GetMeasurementSnapshot(), field => Assert.Equal("drive.example", field.Tags["server.address"]));
        Assert.Equal(
            [
                "The field status of 2 jobs on the page at offset 0 has an invalid value and is read as absent. The first of the jobs is 1.",
                "The field progress of 1 jobs on the page at offset 0 has an invalid value and is read as absent. The first of the jobs is 1.",
            ],
            logger.Entries.Where(entry => entry.EventId == 401).Select(entry => entry.Message));
    }

    [Fact]
    public async Task Measurements_name_the_client_when_there_are_several()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        await using var measured = new MeasuredClient(handler, "archive");
        using MetricCollector<double> collector = measured.Collect<double>("koodrive.jobs.page.duration");

        await measured.Client.GetAsync();

        Assert.Equal("archive", Assert.Single(collector.GetMeasurementSnapshot()).Tags["koodrive.jobs.client.name"]);
    }

    [Fact]
    public async Task PageDuration_is_not_recorded_for_a_canceled_page()
    {
        await using var server = new SocketServer(connection => connection.StallAsync());
        await using var measured = new MeasuredClient(server.Endpoint, TestClients.Token);
        using MetricCollector<double> collector = measured.Collect<double>("koodrive.jobs.page.duration");
        using var canceled = new CancellationTokenSource();
        Task<JobPage> getting = measured.Client.GetPageAsync(JobQuery.All, 0, 100, canceled.Token);
        await server.StalledAsync();

        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        Assert.Empty(collector.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task ListingShifts_counts_a_list_shift()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 100 }, cancellationToken: TestClients.Cancellation);
        await using var measured = new MeasuredClient(emulator.Endpoint, "emulator-access-token");
        measured.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        using MetricCollector<long> shifts = measured.Collect<long>("koodrive.jobs.listing.shifts");
        emulator.BeforeResponse = (request, _) =>
        {
            if (request.Number == 3)
            {
                emulator.Jobs.RemoveMany([.. emulator.Jobs.Snapshot().Take(15).Select(job => job.TaskId)]);
            }

            return default;
        };

        await measured.Client.ListJobs(options: new() { PageSize = 10 }).CountAsync(TestClients.Cancellation);

        Assert.True(shifts.GetMeasurementSnapshot().Sum(shift => shift.Value) >= 1);
        Assert.Equal("127.0.0.1", shifts.LastMeasurement!.Tags["server.address"]);
    }
}
