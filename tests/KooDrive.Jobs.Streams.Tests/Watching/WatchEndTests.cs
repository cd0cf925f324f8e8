using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>The threads on which code of subscribers runs when a watch ends.</summary>
public sealed class WatchEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DisposeAsync_waits_for_a_running_handler()
    {
        JobWatch watch = Watch(Done("1"));
        var called = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        bool returned = false;
        Task processing = watch.ProcessAsync(
            async (_, _) =>
            {
                called.TrySetResult();
                await goOn.Task;
                returned = true;
            },
            TestEnd);
        await called.Task.WaitAsync(Patience, TestEnd);

        Task disposal = watch.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        goOn.SetResult();
        await disposal.WaitAsync(Patience, TestEnd);

        Assert.True(returned);
        await processing.WaitAsync(Patience, TestEnd);
    }

    [Fact]
    public async Task DisposeAsync_prevents_further_calls_of_the_handler()
    {
        Job[] jobs = [.. Enumerable.Range(0, 500).Select(i => Done($"{i}"))];
        int calls = 0;
        for (int trial = 0; trial < 100 / PropertyRuns.Divisor; trial++)
        {
            JobWatch watch = Watch(jobs);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            int seen = 0;
            bool disposed = false;
            var processing = Task.Run(ProcessAsync, TestEnd);
            await started.Task.WaitAsync(Patience, TestEnd);
            await watch.DisposeAsync();
            Volatile.Write(ref disposed, true);
            await processing.WaitAsync(Patience, TestEnd);

            Task ProcessAsync() => watch.ProcessAsync(
                (_, _) =>
                {
                    calls += Volatile.Read(ref disposed) ? 1 : 0;
                    if (++seen == 20)
                    {
                        started.SetResult();
                    }

                    return ValueTask.CompletedTask;
                },
                TestEnd);
        }

        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task DisposeAsync_completes_when_the_handler_of_the_watch_awaits_it()
    {
        JobWatch watch = Watch(Done("1"));

        await watch.ProcessAsync((_, _) => watch.DisposeAsync(), TestEnd).WaitAsync(Patience, TestEnd);
    }

    [Fact]
    public async Task Continuation_of_a_wait_can_block_on_the_disposal_of_the_watch()
    {
        JobWatch watch = Watch(Done("1"));

        bool disposed = await Task.Run(
            async () =>
            {
                await watch.WaitForFinishAsync("1", TestEnd);
                return watch.DisposeAsync().AsTask().Wait(Patience);
            },
            TestEnd);

        Assert.True(disposed);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("finish")]
    [InlineData("process")]
    public async Task DisposeAsync_does_not_wait_for_the_continuation_of_a_wait(string kind)
    {
        JobWatch watch = Watch(Running("1"));
        using var follows = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Task.Run(
            async () =>
            {
                await (kind switch
                {
                    "sync" => watch.WaitForSyncAsync(TestEnd),
                    "finish" => watch.WaitForFinishAsync("1", TestEnd).ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously),
                    _ => watch.ProcessAsync(
                        (_, _) =>
                        {
                            received.TrySetResult();
                            return ValueTask.CompletedTask;
                        },
                        TestEnd),
                });
                follows.Set();
                goOn.Wait(Patience, TestEnd);
            },
            TestEnd);
        if (kind == "sync")
        {
            Assert.True(follows.Wait(Patience, TestEnd));
        }
        else if (kind == "process")
        {
            await received.Task.WaitAsync(Patience, TestEnd);
        }

        await Task.Run(watch.Dispose, TestEnd).WaitAsync(Patience, TestEnd);
        await watch.DisposeAsync().AsTask().WaitAsync(Patience, TestEnd);
        goOn.Set();
        await waiting.WaitAsync(Patience, TestEnd);
    }

    [Fact]
    public async Task Clock_is_read_outside_the_locks()
    {
        var clock = new CallbackScheduler();
        await using JobWatch watch = Watch(clock, Running("1"));
        Task? other = null;
        clock.OnNow = () =>
        {
            clock.OnNow = null;
            other = Task.Run(() => watch.Events.Subscribe(_ => { }).Dispose(), TestEnd);
            Assert.True(other.Wait(Patience, TestEnd));
        };

        using IDisposable subscription = watch.Events.Subscribe(_ => { });

        Assert.NotNull(other);
    }

    private static JobWatch Watch(params Job[] jobs) => Watch(DefaultScheduler.Instance, jobs);

    private static JobWatch Watch(IScheduler scheduler, params Job[] jobs)
    {
        var poller = new FakePoller(DefaultScheduler.Instance);
        poller.Set(jobs);
        return new JobWatch(new WatchEngine(
            new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = scheduler }, _ => poller, poller.List, () => 0, NullLogger.Instance));
    }

    private sealed class CallbackScheduler : IScheduler
    {
        public Action? OnNow { get; set; }

        public DateTimeOffset Now
        {
            get
            {
                OnNow?.Invoke();
                return DateTimeOffset.UtcNow;
            }
        }

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
            DefaultScheduler.Instance.Schedule(state, action);

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
            DefaultScheduler.Instance.Schedule(state, dueTime, action);

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
            DefaultScheduler.Instance.Schedule(state, dueTime, action);
    }

    [Fact]
    public async Task Watch_becomes_idle_when_the_last_subscriber_unsubscribes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));

        await using (IAsyncEnumerator<JobEvent> reader = test.Watch.ReadEventsAsync(TestEnd).GetAsyncEnumerator(TestEnd))
        {
            ValueTask<bool> reading = reader.MoveNextAsync();
            test.Advance(1);
            Assert.True(await reading);
            Assert.False(test.Engine.Hub.HasNoSubscribers);
        }

        Assert.True(test.Engine.Hub.HasNoSubscribers);
        Task processing = test.Watch.ProcessAsync((_, _) => throw new InvalidOperationException("thrown by the handler"), TestEnd);
        test.Advance(10);
        await Assert.ThrowsAsync<InvalidOperationException>(() => processing);
        Assert.True(test.Engine.Hub.HasNoSubscribers);
        using IDisposable thrower = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by the observer"));
        test.Advance(10);
        Assert.True(test.Engine.Hub.HasNoSubscribers);
    }

    [Fact]
    public async Task Polls_do_not_inherit_ambient_values_of_the_subscriber()
    {
        await using var test = new WatchUnderTest();
        var ambient = new AsyncLocal<string?>();
        List<string?> seen = [];
        test.Poller.WhilePolling = () => seen.Add(ambient.Value);
        ambient.Value = "the subscriber's";
        test.Record();
        ambient.Value = null;

        test.Advance(6);

        Assert.Equal([null, null], seen);
    }

    [Fact]
    public async Task Subscribe_succeeds_when_the_flow_of_the_execution_context_is_suppressed()
    {
        await using var test = new WatchUnderTest();
        List<string> received;
        using (ExecutionContext.SuppressFlow())
        {
            received = test.Record();
        }

        test.Advance(1);

        Assert.Equal(["synced", "polled"], received);
    }
}
