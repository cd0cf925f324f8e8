using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class WatchDisposalTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_completes_observers_and_readers_and_fails_waiters()
    {
        var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        List<string> received = test.Record();
        Task<Job> finishing = test.Watch.WaitForFinishAsync("1", None);
        Task<Job> timed = test.Watch.WaitForFinishAsync("1", TimeSpan.FromMinutes(1), None);
        Task processing = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, None);
        Task syncing = test.Watch.WaitForSyncAsync(None);
        await test.Watch.DisposeAsync();

        Assert.Equal(["completed"], received);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => finishing);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => timed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => syncing);
        await processing;
        test.Advance(3_600);
        Assert.Equal(["completed"], received);
        Assert.Empty(test.Poller.Polls);
    }

    [Fact]
    public async Task DisposeAsync_waits_for_requests_in_flight()
    {
        var test = new WatchUnderTest();
        List<string> received = test.Record();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(1);
        Assert.Equal(1, test.Poller.InFlight);

        await test.Watch.DisposeAsync();

        Assert.Equal((0, 1), (test.Poller.InFlight, test.Poller.Canceled));
        test.Advance(3_600);
        Assert.Single(test.Poller.Polls);
        Assert.Equal(["completed"], received);
    }

    [Fact]
    public async Task Subscribe_completes_when_the_watch_is_disposed()
    {
        var test = new WatchUnderTest();
        await test.Watch.DisposeAsync();
        await test.Watch.DisposeAsync();
        test.Watch.Dispose();

        List<string> received = test.Record();

        Assert.Equal(["completed"], received);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Watch.WaitForFinishAsync("1", None));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Watch.WaitForSyncAsync(None));
        await test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, None);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None));
        Assert.Empty(test.Poller.Polls);
    }

    [Fact]
    public async Task Dispose_returns_without_waiting()
    {
        var test = new WatchUnderTest();
        List<string> received = test.Record();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(1);

        test.Watch.Dispose();

        Assert.Equal(["completed"], received);
        await test.Watch.DisposeAsync();
        Assert.Equal(0, test.Poller.InFlight);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dispose_inside_an_observer_does_not_deadlock(int how)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        int seen = 0;
        int completed = 0;
        using IDisposable subscription = test.Watch.Events.Subscribe(
            _ =>
            {
                seen++;
                switch (how)
                {
                    case 0:
                        test.Watch.Dispose();
                        break;
                    case 1:
                        // Complete without an await, because the disposal does not wait for the observer that calls it.
                        Assert.True(test.Watch.DisposeAsync().AsTask().IsCompletedSuccessfully);
                        break;
                    default:
                        Task.Run(async () => await test.Watch.DisposeAsync(), None).GetAwaiter().GetResult();
                        break;
                }
            },
            () => completed++);
        List<string> others = test.Record();

        test.Advance(60);

        Assert.Equal((1, 1), (seen, completed));
        Assert.Single(test.Poller.Polls);
        Assert.Single(others, "completed");
    }

    [Fact]
    public async Task DisposeAsync_inside_a_handler_does_not_deadlock()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        int seen = 0;
        Task processing = test.Watch.ProcessAsync(
            async (_, _) =>
            {
                seen++;
                await test.Watch.DisposeAsync();
            },
            None);

        test.Advance(60);

        await processing.WaitAsync(TimeSpan.FromSeconds(30), None);
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task DisposeAsync_inside_a_durable_handler_does_not_deadlock()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var store = new MemoryCheckpointStore();
        int seen = 0;
        Task processing = test.Watch.ProcessAsync(
            async (_, _) =>
            {
                seen++;
                await test.Watch.DisposeAsync();
            },
            store,
            None);

        test.Advance(60);

        await processing.WaitAsync(TimeSpan.FromSeconds(30), None);
        Assert.Equal(1, seen);
        Assert.Equal(0, store.Saves);
    }

    [Fact]
    public async Task DisposeAsync_waits_for_a_running_observer()
    {
        var poller = new FakePoller(DefaultScheduler.Instance);
        var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions(), new JobWatchServices(), _ => poller, poller.List, () => 0, NullLogger.Instance));
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = new List<string>();
        using IDisposable subscription = watch.Events.Subscribe(
            next =>
            {
                entered.TrySetResult();
                leave.Wait(None);
                received.Add(WatchUnderTest.Describe(next));
            },
            () => received.Add("completed"));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30), None);

        Task disposing = watch.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        leave.Set();
        await disposing.WaitAsync(TimeSpan.FromSeconds(30), None);

        Assert.Equal(["synced", "completed"], received);
    }

    [Fact]
    public async Task Unsubscribe_inside_an_observer_stops_its_events_immediately()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var received = new List<string>();
        IDisposable? subscription = null;
        subscription = test.Watch.Events.Subscribe(
            next =>
            {
                received.Add(WatchUnderTest.Describe(next));
                subscription!.Dispose();
            },
            () => received.Add("completed"));

        test.Advance(60);

        Assert.Equal(["listed 1"], received);
        Assert.Single(test.Poller.Polls);
    }

    [Fact]
    public async Task Subscribe_inside_an_observer_replays_the_snapshot()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        List<string>? late = null;
        using IDisposable subscription = test.Watch.Events.OfType<JobListed>().Subscribe(_ => late = test.Record());
        test.Advance(1);

        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal(["listed 1", "synced", "changed 1 Completed", "polled"], late);
    }
}
