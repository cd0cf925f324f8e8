using KooDrive.Jobs.Streams.Hosting;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams.Tests.Load;

/// <summary>Thirty days of a hosted watch in virtual time: its client with the real HTTP layer, its handler, and its checkpoint.</summary>
[Collection(nameof(Alone))]
public class WatchSoakTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Watch_loses_nothing_during_thirty_days_of_faults()
    {
        using var world = new SoakWorld(seed: 1);
        using JobsClient client = TestClients.Owning(
            world, timeProvider: world.Time, credential: new AccessTokenCredential(_ => world.ReadTokenFileAsync()));
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { Jitter = 0, PollInterval = Interval }, new JobWatchServices { Scheduler = world.Clock });
        var delivered = new Dictionary<string, Job>();
        int polls = 0, failures = 0;
        var saves = new CheckpointSaves(world.Store, new HostedJobWatchOptions(), world.Time, NullLogger.Instance);
        Task processing = watch.ProcessAsync(Handle, world.Store, saves.SaveAsync, () => { }, TestContext.Current.CancellationToken);
        using IDisposable counted = watch.Events.Subscribe(next =>
        {
            polls += next is PollCompleted ? 1 : 0;
            failures += next is PollFailed ? 1 : 0;
        });

        for (TimeSpan day = TimeSpan.Zero; day < TimeSpan.FromDays(30); day += TimeSpan.FromMinutes(1))
        {
            world.Advance(TimeSpan.FromMinutes(1));
            Assert.False(processing.IsCompleted, $"The watch ended after {day}: {processing.Exception}");
            world.Change();
        }

        world.Recover();
        world.Advance(TimeSpan.FromHours(1));

        Assert.False(processing.IsCompleted);
        Assert.Equal(world.Jobs.Select(State), world.Jobs.Select(job => delivered.TryGetValue(job.TaskId, out Job? last) ? State(last) : "not delivered"));

        // All of it happened, and neither a jump of the clock nor a failed save kept the polls waiting.
        Assert.InRange(world.Jobs.Count, 500, 2_000);
        Assert.All([world.Jumps, world.Rotations, world.Outages, world.FailedSaves], count => Assert.InRange(count, 200, 5_000));
        Assert.InRange(world.LongestPause, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(7));
        Assert.InRange(polls, 14_000, 21_630);
        Assert.InRange(failures, 1_000, 10_000);

        ValueTask Handle(JobEvent next, CancellationToken cancellationToken)
        {
            if (((next as JobChange)?.Job ?? (next as JobListed)?.Job) is { } job)
            {
                delivered[job.TaskId] = job;
            }

            return ValueTask.CompletedTask;
        }
    }

    private static string State(Job job) => $"{job.TaskId} {job.Status} {job.Result}";
}
