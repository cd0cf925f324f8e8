using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Load;

/// <summary>Large loads. The tests assert counts and bytes, not times, and run alone because memory of other tests would count too.</summary>
[Collection(nameof(Alone))]
public class LoadTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task ListJobs_reads_a_million_jobs_in_constant_memory(int pagesInFlight)
    {
        const int jobs = 1_000_000;
        var server = new EndlessPages(jobs);
        using JobsClient client = TestClients.Around(server);
        long count = 0, early = 0, highest = 0;
        await foreach (Job job in client.ListJobs(options: new JobListingOptions { PagesInFlight = pagesInFlight }).WithCancellation(TestEnd))
        {
            if (++count % 200_000 == 20_000)
            {
                long live = GC.GetTotalMemory(forceFullCollection: true);
                early = early == 0 ? live : early;
                highest = Math.Max(highest, live);
            }
        }

        Assert.Equal(jobs, count);
        Assert.InRange(server.Requests, 1, ((jobs + 97) / 98) + 1 + pagesInFlight);

        // The ids alone would be 56 million bytes.
        Assert.InRange(highest - early, long.MinValue, 1_000_000);
    }

    [Fact]
    public async Task Thousand_watches_share_the_thread_pool_and_spread_their_polls()
    {
        const int watches = 1_000;
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 5 }, cancellationToken: TestEnd);
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        int threadsBefore = process.Threads.Count;
        var options = new JobWatchOptions { PollInterval = TimeSpan.FromHours(1), Jitter = 1 };
        List<JobWatch> all = [.. Enumerable.Range(0, watches).Select(_ => client.WatchJobs(options))];
        await Task.WhenAll(all.Select(watch => watch.WaitForSyncAsync(TestEnd)));
        List<IDisposable> subscriptions = [.. all.Select(watch => watch.Events.Subscribe(_ => { }))];
        await Task.WhenAll(all.Select(watch => watch.WaitForSyncAsync(TestEnd)));

        process.Refresh();
        Assert.InRange(process.Threads.Count - threadsBefore, int.MinValue, 100);
        Assert.InRange(emulator.Requests.Count, watches, 4 * watches);

        // Between one and two hours after each poll: in each quarter of that there are about 250.
        DateTimeOffset[] next = [.. all.Select(watch => watch.Health).Where(health => health.NextPollAt is not null).Select(health => health.NextPollAt!.Value - (health.LastSuccessAt!.Value - DateTimeOffset.UnixEpoch))];
        Assert.Equal(watches, next.Length);
        int[] quarters = [.. next.CountBy(time => (int)((time - DateTimeOffset.UnixEpoch).TotalMinutes - 60) / 15).OrderBy(quarter => quarter.Key).Select(quarter => quarter.Value)];
        Assert.Equal(4, quarters.Length);
        Assert.All(quarters, polls => Assert.InRange(polls, 150, 350));

        subscriptions.ForEach(subscription => subscription.Dispose());
        await Task.WhenAll(all.Select(watch => watch.DisposeAsync().AsTask()));
        Assert.Equal(0, emulator.Requests.InFlightCount);
    }

    [Fact]
    public async Task Watch_delivers_every_event_once_to_ten_thousand_subscribers()
    {
        const int subscribers = 10_000;
        var server = new EndlessPages(3);
        using JobsClient client = TestClients.Around(server);
        var time = new TestScheduler();
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = time });
        int[] listed = new int[subscribers];
        int[] synced = new int[subscribers];
        List<IDisposable> subscriptions =
        [
            .. Enumerable.Range(0, subscribers).Select(i => watch.Events.Subscribe(received =>
            {
                listed[i] += received is JobListed ? 1 : 0;
                synced[i] += received is WatchSynced ? 1 : 0;
            })),
        ];
        time.AdvanceBy(TimeSpan.FromSeconds(60).Ticks);

        Assert.All(listed, count => Assert.Equal(3, count));
        Assert.All(synced, count => Assert.Equal(1, count));
        Assert.InRange(server.Requests, 2, 40);
        subscriptions.ForEach(subscription => subscription.Dispose());
        int before = server.Requests;
        time.AdvanceBy(TimeSpan.FromSeconds(60).Ticks);
        Assert.Equal(before, server.Requests);
    }

    [Fact]
    public async Task Watch_uses_constant_memory_for_a_hundred_thousand_polls()
    {
        var server = new EndlessPages(3);
        using JobsClient client = TestClients.Around(server);
        var time = new TestScheduler();
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { Jitter = 0, PollInterval = TimeSpan.FromSeconds(5) }, new JobWatchServices { Scheduler = time });
        long polls = 0;
        using IDisposable subscription = watch.Events.OfType<PollCompleted>().Subscribe(_ => polls++);

        Advance(polls: 10_000);
        long early = GC.GetTotalMemory(forceFullCollection: true);
        Advance(polls: 90_000);
        long late = GC.GetTotalMemory(forceFullCollection: true);

        Assert.InRange(polls, 99_990, 100_001);

        // Ten bytes a poll would be more.
        Assert.InRange(late - early, long.MinValue, 500_000);

        void Advance(long polls) => time.AdvanceBy(polls * TimeSpan.FromSeconds(5).Ticks);
    }
}

/// <summary>Tests that measure the process, while no other test runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
