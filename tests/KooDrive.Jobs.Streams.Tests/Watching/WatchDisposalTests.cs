using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class WatchDisposalTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task W11_observers_complete_waiters_fail_and_readers_end()
    {
        var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var told = test.Record();
        var finishing = test.Watch.WaitForFinishAsync("1", None);
        var timed = test.Watch.WaitForFinishAsync("1", TimeSpan.FromMinutes(1), None);
        var processing = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, None);
        var syncing = test.Watch.WaitForSyncAsync(None);
        await test.Watch.DisposeAsync();

        Assert.Equal(["completed"], told);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => finishing);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => timed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => syncing);
        await processing;
        test.Advance(3_600);
        Assert.Equal(["completed"], told);
        Assert.Empty(test.Poller.Polls);
    }

    [Fact]
    public async Task W11_no_request_is_in_flight_when_DisposeAsync_completes()
    {
        var test = new WatchUnderTest();
        var told = test.Record();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(1);
        Assert.Equal(1, test.Poller.InFlight);

        await test.Watch.DisposeAsync();

        Assert.Equal((0, 1), (test.Poller.InFlight, test.Poller.Canceled));
        test.Advance(3_600);
        Assert.Single(test.Poller.Polls);
        Assert.Equal(["completed"], told);
    }

    [Fact]
    public async Task A_watch_that_is_disposed_of_ends_whoever_comes()
    {
        var test = new WatchUnderTest();
        await test.Watch.DisposeAsync();
        await test.Watch.DisposeAsync();
        test.Watch.Dispose();

        var told = test.Record();

        Assert.Equal(["completed"], told);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Watch.WaitForFinishAsync("1", None));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => test.Watch.WaitForSyncAsync(None));
        await test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, None);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None));
        Assert.Empty(test.Poller.Polls);
    }

    [Fact]
    public async Task Dispose_ends_the_watch_without_waiting()
    {
        var test = new WatchUnderTest();
        var told = test.Record();
        test.Poller.Hold = new TaskCompletionSource();
        test.Advance(1);

        test.Watch.Dispose();

        Assert.Equal(["completed"], told);
        await test.Watch.DisposeAsync();
        Assert.Equal(0, test.Poller.InFlight);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task W11_disposing_inside_an_observer_neither_deadlocks_nor_delivers_again(int how)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var seen = 0;
        var completed = 0;
        using var subscription = test.Watch.Events.Subscribe(
            _ =>
            {
                seen++;
                switch (how)
                {
                    case 0:
                        test.Watch.Dispose();
                        break;
                    case 1:
                        // Not awaited, but over: it does not wait for the observer that calls it.
                        Assert.True(test.Watch.DisposeAsync().AsTask().IsCompletedSuccessfully);
                        break;
                    default:
                        Task.Run(async () => await test.Watch.DisposeAsync(), None).GetAwaiter().GetResult();
                        break;
                }
            },
            () => completed++);
        var others = test.Record();

        test.Advance(60);

        Assert.Equal((1, 1), (seen, completed));
        Assert.Single(test.Poller.Polls);
        Assert.Single(others, "completed");
    }

    [Fact]
    public async Task W11_disposing_inside_an_awaited_handler_neither_deadlocks_nor_delivers_again()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var seen = 0;
        var processing = test.Watch.ProcessAsync(
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
    public async Task W11_disposing_inside_a_durable_handler_neither_deadlocks_nor_delivers_again()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var store = new MemoryCheckpointStore();
        var seen = 0;
        var processing = test.Watch.ProcessAsync(
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
    public async Task W11_DisposeAsync_waits_for_an_observer_that_is_being_called()
    {
        var poller = new ScriptedPoller(DefaultScheduler.Instance);
        var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions(), new JobWatchServices(), _ => poller, poller.List, () => 0, NullLogger.Instance));
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new List<string>();
        using var subscription = watch.Events.Subscribe(
            next =>
            {
                entered.TrySetResult();
                leave.Wait(None);
                told.Add(WatchUnderTest.Tell(next));
            },
            () => told.Add("completed"));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30), None);

        var disposing = watch.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        leave.Set();
        await disposing.WaitAsync(TimeSpan.FromSeconds(30), None);

        Assert.Equal(["synced", "completed"], told);
    }

    [Fact]
    public async Task Unsubscribing_inside_an_observer_stops_its_events_at_once()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var told = new List<string>();
        IDisposable? subscription = null;
        subscription = test.Watch.Events.Subscribe(
            next =>
            {
                told.Add(WatchUnderTest.Tell(next));
                subscription!.Dispose();
            },
            () => told.Add("completed"));

        test.Advance(60);

        Assert.Equal(["listed 1"], told);
        Assert.Single(test.Poller.Polls);
    }

    [Fact]
    public async Task Subscribing_inside_an_observer_gets_the_state_and_everything_after()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        List<string>? late = null;
        using var subscription = test.Watch.Events.OfType<JobListed>().Subscribe(_ => late = test.Record());
        test.Advance(1);

        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal(["listed 1", "synced", "changed 1 Completed", "polled"], late);
    }
}
