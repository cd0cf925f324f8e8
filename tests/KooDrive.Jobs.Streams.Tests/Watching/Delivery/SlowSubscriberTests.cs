using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class SlowSubscriberTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task W8_a_slow_subscriber_overflows_alone_and_is_told_how_much_was_left_out()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 4 });
        var others = test.Record();
        await using var slow = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        var reading = slow.MoveNextAsync();
        test.Advance(1);
        Assert.True(await reading);
        Assert.IsType<WatchSynced>(slow.Current);

        // PollCompleted 1 came with what it is busy with. The buffer takes two polls more, and then nothing before it reads on.
        for (var round = 1; round <= 5; round++)
        {
            test.Poller.Set(Running($"{round}"));
            test.Advance(5);
        }

        var told = await ReadAsync(slow, 12);
        Assert.Equal(
            ["polled", "added 1", "polled", "added 2", "polled", "gap SlowSubscriber", "listed 1", "listed 2", "listed 3", "listed 4", "listed 5", "synced"],
            told.Select(WatchUnderTest.Tell));
        Assert.Contains(" 6 events", ((WatchGap)told[5]).Message, StringComparison.Ordinal);

        test.Poller.Set(Done("5"));
        var next = ReadAsync(slow, 2);
        test.Advance(5);
        Assert.Equal(["changed 5 Completed", "polled"], (await next).Select(WatchUnderTest.Tell));
        Assert.Equal(
            ["synced", "polled", "added 1", "polled", "added 2", "polled", "added 3", "polled", "added 4", "polled", "added 5", "polled", "changed 5 Completed", "polled"],
            others);
    }

    [Fact]
    public async Task A_subscriber_that_has_caught_up_gets_the_whole_of_a_poll_however_large()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 });
        test.Poller.Set(Enumerable.Range(0, 5_000).Select(number => Running($"{number}")));
        await using var reader = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        var reading = reader.MoveNextAsync();

        test.Advance(1);

        Assert.True(await reading);
        var told = await ReadAsync(reader, 5_001);
        Assert.Equal("synced", WatchUnderTest.Tell(told[^2]));
    }

    [Fact]
    public async Task A_subscriber_that_is_busy_with_a_large_picture_does_not_count_as_slow()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 2 });
        test.Poller.Set(Enumerable.Range(0, 100).Select(number => Running($"{number}")));
        test.Record();
        test.Advance(1);
        await using var reader = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        var reading = reader.MoveNextAsync();
        test.Poller.Set(Done("0"));
        test.Advance(5);

        Assert.True(await reading);
        var told = await ReadAsync(reader, 102);
        Assert.Equal(["synced", "changed 0 Completed", "polled"], told[^3..].Select(WatchUnderTest.Tell));
    }

    [Fact]
    public async Task A_job_that_finished_in_the_gap_still_ends_the_wait_for_it()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 }, retained: 0);
        test.Poller.Set(Running("1"));
        var waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(1);

        // Nothing but a gap tells the waiting one anything: the job is no longer retained, so it has to be looked for.
        test.Poller.Set(Done("1"));
        test.Engine.Hub.Tell(new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "lost" }, new WatchSynced());
        test.Advance(0.1);

        Assert.Equal(Done("1"), await waiting);
    }

    [Fact]
    public async Task W8_an_observer_that_blocks_holds_up_nobody_else()
    {
        var poller = new ScriptedPoller(DefaultScheduler.Instance);
        await using var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions { PollInterval = TimeSpan.FromMilliseconds(1) },
            new JobWatchServices(), _ => poller, poller.List, () => 0, NullLogger.Instance));
        using var blocked = new ManualResetEventSlim();
        using var blocking = watch.Events.Subscribe(_ => blocked.Wait(None));
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
        var told = new List<JobEvent>();
        while (told.Count < count && await reader.MoveNextAsync())
        {
            told.Add(reader.Current);
        }

        return told;
    }
}
