using System.Reactive.Linq;
using Microsoft.Extensions.Logging;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class WatchLogTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_logs_failed_polls_and_its_end()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsServerException("down"), new JobsAuthenticationException("refused"));
        test.Record();

        test.Advance(60);

        Assert.Equal(
            [
                (101, LogLevel.Warning, "Poll 1 failed (consecutive failure 1). The next poll starts in 5 s."),
                (102, LogLevel.Error, "Poll 2 failed with a non-transient error. The subscriptions of the watch end with the error."),
            ],
            test.Log.Entries);
    }

    [Fact]
    public async Task Watch_logs_dropped_observers_and_handlers_of_ObserverDropped_that_throw()
    {
        await using var test = new WatchUnderTest();
        test.Watch.ObserverDropped += (_, _) => throw new InvalidOperationException("thrown by the report");
        using var throws = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by an observer"));

        test.Advance(1);

        Assert.Equal([103, 104], test.Log.EventIds);
    }

    [Fact]
    public async Task Watch_logs_an_overflow_once_until_the_snapshot_is_replayed()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 });
        await using var slow = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        var reading = slow.MoveNextAsync();
        for (var round = 0; round < 5; round++)
        {
            test.Poller.Set(Running($"{round}"));
            test.Advance(5);
        }

        Assert.True(await reading);
        Assert.Equal([(105, LogLevel.Warning)], test.Log.Entries.Select(entry => (entry.EventId, entry.Level)));
    }

    [Fact]
    public async Task Watch_logs_nothing_when_subscribers_unsubscribe_or_it_is_disposed()
    {
        var test = new WatchUnderTest();
        test.Record(out var subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Record();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(6);

        await test.DisposeAsync();

        Assert.Empty(test.Log.Entries);
    }
}
