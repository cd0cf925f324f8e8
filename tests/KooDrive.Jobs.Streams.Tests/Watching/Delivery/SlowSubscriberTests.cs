using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class SlowSubscriberTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slow_subscriber_overflows_alone_and_receives_a_gap_with_the_count()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 4 });
        List<string> others = test.Record();
        await using IAsyncEnumerator<JobEvent> slow = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        ValueTask<bool> reading = slow.MoveNextAsync();
        test.Advance(1);
        Assert.True(await reading);
        Assert.IsType<WatchSynced>(slow.Current);

        // PollCompleted 1 was queued with the event in progress. The buffer accepts two more polls, and then nothing until the subscriber continues.
        for (int round = 1; round <= 5; round++)
        {
            test.Poller.Set(Running($"{round}"));
            test.Advance(5);
        }

        List<JobEvent> received = await ReadAsync(slow, 12);
        Assert.Equal(
            ["polled", "added 1", "polled", "added 2", "polled", "gap SlowSubscriber", "listed 1", "listed 2", "listed 3", "listed 4", "listed 5", "synced"],
            received.Select(WatchUnderTest.Describe));
        Assert.Contains(" 6 events", ((WatchGap)received[5]).Message, StringComparison.Ordinal);
        Assert.EndsWith("Process events faster, or increase SubscriberBufferCapacity.", ((WatchGap)received[5]).Message, StringComparison.Ordinal);

        test.Poller.Set(Done("5"));
        Task<List<JobEvent>> next = ReadAsync(slow, 2);
        test.Advance(5);
        Assert.Equal(["changed 5 Completed", "polled"], (await next).Select(WatchUnderTest.Describe));
        Assert.Equal(
            ["synced", "polled", "added 1", "polled", "added 2", "polled", "added 3", "polled", "added 4", "polled", "added 5", "polled", "changed 5 Completed", "polled"],
            others);
    }

    [Fact]
    public async Task Subscriber_with_an_empty_queue_receives_a_poll_of_any_size()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 });
        test.Poller.Set(Enumerable.Range(0, 5_000).Select(number => Running($"{number}")));
        await using IAsyncEnumerator<JobEvent> reader = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        ValueTask<bool> reading = reader.MoveNextAsync();

        test.Advance(1);

        Assert.True(await reading);
        List<JobEvent> received = await ReadAsync(reader, 5_001);
        Assert.Equal("synced", WatchUnderTest.Describe(received[^2]));
    }

    [Fact]
    public async Task Subscriber_does_not_overflow_while_it_receives_a_large_snapshot()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 2 });
        test.Poller.Set(Enumerable.Range(0, 100).Select(number => Running($"{number}")));
        test.Record();
        test.Advance(1);
        await using IAsyncEnumerator<JobEvent> reader = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        ValueTask<bool> reading = reader.MoveNextAsync();
        test.Poller.Set(Done("0"));
        test.Advance(5);

        Assert.True(await reading);
        List<JobEvent> received = await ReadAsync(reader, 102);
        Assert.Equal(["synced", "changed 0 Completed", "polled"], received[^3..].Select(WatchUnderTest.Describe));
    }

    [Fact]
    public async Task WaitForFinishAsync_returns_a_job_that_finished_during_a_gap()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 }, retained: 0);
        test.Poller.Set(Running("1"));
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(1);

        // The waiting call receives only a gap: the job is no longer retained, so a lookup must find it.
        test.Poller.Set(Done("1"));
        test.Engine.Hub.Broadcast(new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "lost" }, new WatchSynced());
        test.Advance(0.1);

        Assert.Equal(Done("1"), await waiting);
    }

    [Fact]
    public async Task Blocking_observer_does_not_delay_other_observers()
    {
        var poller = new FakePoller(DefaultScheduler.Instance);
        await using var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions { PollInterval = TimeSpan.FromMilliseconds(1) },
            new JobWatchServices(), _ => poller, poller.List, () => 0, NullLogger.Instance));
        using var blocked = new ManualResetEventSlim();
        using IDisposable blocking = watch.Events.Subscribe(_ => blocked.Wait(None));
        try
        {
            Assert.Equal(20, await watch.Events.OfType<PollCompleted>().Take(20).Count().Timeout(TimeSpan.FromSeconds(60)));
        }
        finally
        {
            blocked.Set();
        }
    }

    private static async Task<List<JobEvent>> ReadAsync(IAsyncEnumerator<JobEvent> reader, int count)
    {
        var received = new List<JobEvent>();
        while (received.Count < count && await reader.MoveNextAsync())
        {
            received.Add(reader.Current);
        }

        return received;
    }
}
