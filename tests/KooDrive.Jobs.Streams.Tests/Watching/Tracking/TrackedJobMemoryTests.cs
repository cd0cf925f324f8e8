using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

/// <summary>Measures the heap of the process, so no other test runs at the same time.</summary>
[CollectionDefinition(nameof(TrackedJobMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrackedJobMemoryTests))]
public class TrackedJobMemoryTests
{
    // Without the ids, which belong to the test server: 64 bytes each.
    [Theory]
    [InlineData(JobStatus.Processing, 236)]
    [InlineData(JobStatus.Completed, 8)]
    public async Task TrackedJob_takes_less_than_300_bytes_with_its_job_and_nothing_when_evicted(JobStatus status, int maxBytes)
    {
        const int Jobs = 20_000;
        var server = new InMemoryJobs();
        server.InsertMany(Jobs, status);
        await StartAsync(server);

        // Memory of earlier tests may be released at any time, which does not affect the median.
        var measured = new List<long>();
        for (int i = 0; i < 5; i++)
        {
            measured.Add(await MeasureAsync(server) / Jobs);
        }

        measured.Sort();
        long bytes = measured[measured.Count / 2];
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a job");
        Assert.InRange(bytes, -maxBytes, maxBytes);
    }

    private static async Task<long> MeasureAsync(InMemoryJobs server)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        JobPoller poller = await StartAsync(server);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(poller);
        return after - before;
    }

    private static async Task<JobPoller> StartAsync(InMemoryJobs server)
    {
        server.Requests.Clear();
        var options = new PollingOptions { MaxUnfinishedJobs = 100_000, MaxRetainedFinishedJobs = 0, MaxRequestsPerPoll = 1_000 };
        var client = new CopyingClient(server);
        var pages = new ClientPages(
            client.GetPageAsync, (query, limit, _, token) => client.GetPageAsync(query, 0, limit, token), ClientTelemetry.None, options);
        var poller = new JobPoller(pages, options, () => default);
        await poller.PollAsync(1, TestContext.Current.CancellationToken);
        await poller.PollAsync(2, TestContext.Current.CancellationToken);
        await poller.PollAsync(3, TestContext.Current.CancellationToken);
        server.Requests.Clear();
        return poller;
    }

    /// <summary>Creates a new instance at each read, as a client of a real server does.</summary>
    private sealed class CopyingClient(InMemoryJobs server) : JobsClient
    {
        public override Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default) =>
            Task.FromResult(new JobPage { Jobs = [.. server.Page(query, offset, limit).Select(job => job with { })], Offset = offset, Limit = limit });
    }
}
