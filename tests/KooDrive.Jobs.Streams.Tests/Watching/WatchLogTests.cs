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
        test.Poller.Fail(new JobsServerException("down"), new JobsAuthenticationException("rejected"));
        DateTimeOffset failedAt = default;
        using IDisposable events = test.Watch.Events.OfType<PollFailed>().Subscribe(failed => failedAt = failed.ObservedAt, _ => { });

        test.Advance(60);

        Assert.Equal(
            [
                (108, LogLevel.Information, "The watch of a server started. It polls every 5 s."),
                (101, LogLevel.Warning, $"Polls have been failing since {failedAt:O} (poll 1). The next poll starts in 5 s."),
                (102, LogLevel.Error, "Poll 2 failed with a non-transient error. The subscriptions of the watch end with the error."),
            ],
            test.Log.Entries);
    }

    [Fact]
    public async Task Watch_logs_one_line_and_one_stack_trace_for_an_outage_and_one_for_its_end()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Done("2"));
        DateTimeOffset failedAt = default;
        using IDisposable events = test.Watch.Events.OfType<PollFailed>().Take(1).Subscribe(failed => failedAt = failed.ObservedAt);
        test.Record();
        test.Advance(1);
        test.Poller.Fail(new JobsConnectionException("down"), new JobsConnectionException("still down"), new JobsConnectionException("still down"));

        test.Advance(120);

        Assert.Equal(
            [
                (108, "The watch of a server started. It polls every 5 s."),
                (109, "The watch is synchronized after poll 1: 1 unfinished jobs."),
                (101, $"Polls have been failing since {failedAt:O} (poll 2). The next poll starts in 5 s."),
                (111, $"Poll 5 succeeded. 3 polls had failed since {failedAt:O}."),
            ],
            test.Log.Entries.Where(entry => entry.Level >= LogLevel.Information).Select(entry => (entry.EventId, entry.Message)));
        Assert.Equal("down", Assert.Single(test.Log.Exceptions).Message);
        Assert.Equal("Poll 3 failed too (consecutive failure 2): still down. The next poll starts in 10 s.", test.Log.Entries.First(entry => entry.EventId == 110).Message);
    }

    [Fact]
    public async Task Watch_logs_an_exception_of_another_type_during_an_outage()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsConnectionException("down"), new JobsServerException("starting"), new JobsServerException("starting"));
        test.Record();

        test.Advance(120);

        Assert.Equal(["down", "starting"], test.Log.Exceptions.Select(exception => exception.Message));
        Assert.Single(test.Log.Entries, entry => entry.EventId == 111);
    }

    [Fact]
    public async Task Watch_logs_its_start_again_when_a_subscriber_follows_a_pause()
    {
        await using var test = new WatchUnderTest();
        test.Record(out IDisposable? first);
        test.Advance(1);
        first.Dispose();
        test.Advance(60);
        test.Record();
        test.Advance(1);

        Assert.Equal([108, 109, 108], test.Log.EventIds);
    }

    [Fact]
    public async Task Watch_logs_dropped_observers_and_handlers_of_ObserverDropped_that_throw()
    {
        await using var test = new WatchUnderTest();
        test.Watch.ObserverDropped += (_, _) => throw new InvalidOperationException("thrown by the report");
        using IDisposable throws = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by an observer"));

        test.Advance(1);

        Assert.Equal([103, 104], test.Log.ProblemIds);
    }

    [Fact]
    public async Task Watch_logs_an_overflow_once_until_the_snapshot_is_replayed()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 });
        await using IAsyncEnumerator<JobEvent> slow = test.Watch.ReadEventsAsync(None).GetAsyncEnumerator(None);
        ValueTask<bool> reading = slow.MoveNextAsync();
        for (int round = 0; round < 5; round++)
        {
            test.Poller.Set(Running($"{round}"));
            test.Advance(5);
        }

        Assert.True(await reading);
        Assert.Equal([105], test.Log.ProblemIds);
    }

    [Fact]
    public async Task Watch_logs_no_problem_when_subscribers_unsubscribe_or_it_is_disposed()
    {
        var test = new WatchUnderTest();
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Record();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(6);

        await test.DisposeAsync();

        Assert.Empty(test.Log.ProblemIds);
    }
}
