using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class WatchOverSocketsTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_publishes_every_documented_transition_through_failures_over_sockets()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        EmulatedJobStore jobs = emulator.Jobs;
        string[] taskIds = [.. Enumerable.Range(0, 6).Select(_ => jobs.Add(taskType: 2).TaskId)];
        Action[] steps =
        [
            () => jobs.Start(taskIds[0]),
            () => emulator.Faults.Next(EmulatorFault.Fail(500), count: 2),
            () => Each(taskIds[1..3], id => jobs.Start(id)),
            () => jobs.Cancel(taskIds[3]),
            () => emulator.Faults.Next(EmulatorFault.CutOff(40)),
            () => jobs.Start(taskIds[4]),
            () => emulator.Credentials.ReplaceTokens("token-2"),
            () => jobs.Finish(taskIds[0], taskResultCode: 1),
            () => jobs.Finish(taskIds[1], taskResultCode: 2),
            () => emulator.Faults.Next(EmulatorFault.Disconnect, count: 4),
            () => jobs.Finish(taskIds[2], taskResultCode: 3),
            () => jobs.Cancel(taskIds[4]),
            () => Each(taskIds[5..], id => jobs.Start(id), id => jobs.Finish(id, taskResultCode: 1)),
        ];
        int tokens = 0;
        emulator.Credentials.ReplaceTokens("token-1");
        using JobsClient client = Client(emulator, new AccessTokenCredential(_ => ValueTask.FromResult($"token-{++tokens}")));
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions
        {
            PollInterval = TimeSpan.FromSeconds(0.1),
            MaxPollRetryDelay = TimeSpan.FromSeconds(0.1),
        });

        List<JobChange> changes = [];
        int failures = 0;
        int step = 0;
        await foreach (JobEvent jobEvent in watch.ReadEventsAsync(TestEnd))
        {
            switch (jobEvent)
            {
                case JobChange change:
                    changes.Add(change);
                    break;
                case PollFailed failed:
                    Assert.True(((JobsException)failed.Exception).IsTransient);
                    failures++;
                    break;
                case PollCompleted when step < steps.Length:
                    steps[step++]();
                    break;
            }

            if (step == steps.Length && watch.UnfinishedJobs.Count == 0 && jobEvent is PollCompleted)
            {
                break;
            }
        }

        Assert.Equal(["Pending", "Processing", "Completed AllSucceeded"], Way(taskIds[0]));
        Assert.Equal(["Pending", "Processing", "Completed PartiallyFailed"], Way(taskIds[1]));
        Assert.Equal(["Pending", "Processing", "Completed AllFailed"], Way(taskIds[2]));
        Assert.Equal(["Pending", "Canceled"], Way(taskIds[3]));
        Assert.Equal(["Pending", "Processing", "Canceled"], Way(taskIds[4]));
        Assert.Equal(["Pending", "Completed AllSucceeded"], Way(taskIds[5]));
        Assert.All(changes, change => Assert.Equal(change.Job.IsFinished, change.JustFinished));
        Assert.InRange(failures, 1, int.MaxValue);
        Assert.Equal(2, tokens);

        IEnumerable<string> Way(string taskId)
        {
            JobChange[] way = [.. changes.Where(change => change.Job.TaskId == taskId)];
            return [State(way[0].Previous!), .. way.Select(change => State(change.Job))];
        }
    }

    [Fact]
    public async Task DisposeAsync_waits_for_requests_in_flight_over_sockets()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 10 }, cancellationToken: TestEnd);
        using JobsClient client = Client(emulator, new AccessTokenCredential("emulator-access-token"));
        JobWatch watch = client.WatchJobs();
        var received = new List<JobEvent>();
        emulator.Faults.Next(EmulatorFault.NeverRespond);
        using IDisposable subscription = watch.Events.Subscribe(received.Add);
        await emulator.Requests.WaitForCountAsync(1, TestEnd);

        await watch.DisposeAsync();

        Assert.Empty(received);
        Assert.Equal(1, emulator.Requests.Count);
    }

    private static string State(Job job) => job.Result is { } result ? $"{job.Status} {result}" : $"{job.Status}";

    private static void Each(IEnumerable<string> taskIds, params Action<string>[] acts)
    {
        foreach (string taskId in taskIds)
        {
            foreach (Action<string> act in acts)
            {
                act(taskId);
            }
        }
    }

    // The client does not retry, so that the watch handles each failure.
    private static JobsClient Client(JobsEmulator emulator, JobsCredential credential) => TestClients.ToEmulator(emulator.Endpoint, options => options.MaxRetries = 0, credential);
}
