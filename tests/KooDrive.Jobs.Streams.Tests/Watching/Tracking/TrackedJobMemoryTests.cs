using KooDrive.Jobs.Streams.Tests.Watching.Polling;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

/// <summary>The heap is the process's, so nothing else runs while it is measured.</summary>
[CollectionDefinition(nameof(TrackedJobMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrackedJobMemoryTests))]
public class TrackedJobMemoryTests
{
    [Theory]
    [InlineData(JobStatus.Processing, 180)]
    [InlineData(JobStatus.Completed, 8)]
    public async Task W8_following_a_job_takes_less_than_180_bytes_beside_the_job_and_a_finished_one_nothing(JobStatus status, int most)
    {
        const int Jobs = 20_000;
        var server = new InMemoryJobs();
        server.InsertMany(Jobs, status);
        await (await StartAsync(server)).PollAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        WatchedServer watched = await StartAsync(server);

        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Jobs;

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a job");
        Assert.InRange(bytes, -most, most);
        GC.KeepAlive(watched);
    }

    private static async Task<WatchedServer> StartAsync(InMemoryJobs server)
    {
        var watched = new WatchedServer(new PollingOptions { MaxUnfinished = 100_000, RetainedFinished = 0 }, server);
        await watched.PollAsync();
        return watched;
    }
}
