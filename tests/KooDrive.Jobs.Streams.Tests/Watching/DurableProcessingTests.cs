using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class DurableProcessingTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessAsync_delivers_changes_that_occurred_while_no_process_ran()
    {
        var store = new MemoryCheckpointStore();
        await using (var first = new WatchUnderTest())
        {
            first.Poller.Set(Running("1"), Running("2"));
            _ = first.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);
            first.Advance(1);
        }

        await using var second = new WatchUnderTest(jobs: [Done("1"), Running("2"), Done("3")]);
        var received = new List<string>();
        _ = second.Watch.ProcessAsync(Record(received), store, None);
        second.Advance(1);

        Assert.Equal(["synced", "changed 1 Completed", "added 3"], received);
    }

    [Fact]
    public async Task ProcessAsync_saves_after_the_last_event_of_a_poll_and_before_the_next_poll()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        var acknowledge = new TaskCompletionSource();
        var handled = 0;
        test.Poller.Set(Running("1"), Running("2"));
        _ = test.Watch.ProcessAsync(
            async (_, _) =>
            {
                if (++handled == 2)
                {
                    await acknowledge.Task;
                }
            },
            store,
            None);

        test.Advance(60);
        Assert.Equal((2, 0, 1), (handled, store.Saves, test.Poller.Polls.Count));

        acknowledge.SetResult();
        Assert.Equal((3, 1, 1), (handled, store.Saves, test.Poller.Polls.Count));
        test.Advance(5);
        Assert.Equal(2, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task ProcessAsync_creates_no_checkpoint_after_a_poll_that_changed_nothing()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);
        test.Advance(100);
        Assert.Equal((1, 1), (test.Poller.Exports, store.Saves));
        Assert.InRange(test.Poller.Polls.Count, 10, 30);

        test.Poller.Set(Done("1"));
        test.Advance(100);

        Assert.Equal((2, 2), (test.Poller.Exports, store.Saves));
    }

    [Fact]
    public async Task ProcessAsync_saves_the_checkpoint_before_it_acknowledges_the_poll()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        List<bool> awaited = [];
        store.BeforeSave = store.AfterSave = () => awaited.Add(test.Engine.AwaitsAcknowledgement);
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);

        test.Advance(1);

        Assert.Equal([true, true], awaited);
        Assert.False(test.Engine.AwaitsAcknowledgement);
    }

    [Fact]
    public async Task ProcessAsync_redelivers_events_after_a_handler_threw()
    {
        var store = new MemoryCheckpointStore();
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var received = new List<string>();
        var exception = new InvalidOperationException("thrown by the handler");
        var processing = test.Watch.ProcessAsync(
            (next, _) =>
            {
                received.Add(WatchUnderTest.Describe(next));
                return next is JobChange { Job.TaskId: "2" } ? throw exception : ValueTask.CompletedTask;
            },
            store,
            None);
        test.Advance(1);
        test.Poller.Set(Done("1"), Done("2"));
        test.Advance(5);

        Assert.Same(exception, await Assert.ThrowsAsync<InvalidOperationException>(() => processing));
        Assert.Equal(["listed 1", "listed 2", "synced", "changed 1 Completed", "changed 2 Completed"], received);
        test.Advance(60);
        Assert.Equal(2, test.Poller.Polls.Count);

        received.Clear();
        test.NextJobs = [Done("1"), Done("2")];
        _ = test.Watch.ProcessAsync(Record(received), store, None);
        test.Advance(6);
        Assert.Equal(["synced", "changed 1 Completed", "changed 2 Completed"], received);
    }

    [Fact]
    public async Task ProcessAsync_delivers_every_change_at_least_once_when_the_process_dies()
    {
        // Dies at the n-th step of a first life, a step being: before the handler, after it, before a save, after it.
        for (var deathAt = 1; ; deathAt++)
        {
            var store = new MemoryCheckpointStore();
            var received = new List<JobEvent>();
            var steps = 0;
            var died = false;
            var first = new WatchUnderTest();
            store.BeforeSave = store.AfterSave = Step;
            first.Poller.Set(Running("1"), Running("2"));
            var life = first.Watch.ProcessAsync(Handle, store, None);
            first.Advance(1);
            first.Poller.Set(Done("1"), Running("3"));
            first.Advance(5);
            first.Poller.Set(Done("2"));
            first.Advance(5);
            first.Poller.Set(Done("3"), Done("4"));
            first.Advance(5);
            if (!died)
            {
                Assert.Equal(4, store.Saves);
                await first.DisposeAsync();
                break;
            }

            await Assert.ThrowsAsync<InvalidOperationException>(() => life);
            store.BeforeSave = store.AfterSave = null;
            died = false;
            steps = int.MinValue;
            var restored = store.Checkpoint is not null;
            await using var second = new WatchUnderTest(jobs: [Done("1"), Done("2"), Done("3"), Done("4")]);
            _ = second.Watch.ProcessAsync(Handle, store, None);
            second.Advance(1);

            foreach (var job in new[] { Done("1"), Done("2"), Done("3"), Done("4") })
            {
                Assert.Contains(received, next => (next as JobChange)?.Job == job || (!restored && (next as JobListed)?.Job == job));
            }

            await first.DisposeAsync();

            void Step()
            {
                died |= ++steps == deathAt;
                if (died)
                {
                    throw new InvalidOperationException("the process died");
                }
            }

            ValueTask Handle(JobEvent next, CancellationToken cancellationToken)
            {
                Step();
                received.Add(next);
                Step();
                return ValueTask.CompletedTask;
            }
        }
    }

    [Fact]
    public async Task ProcessAsync_does_not_save_when_nothing_changes()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);

        test.Advance(600);
        Assert.Equal(1, store.Saves);

        test.Poller.Set(Done("1"));
        test.Advance(600);
        Assert.Equal(2, store.Saves);
    }

    [Fact]
    public async Task ProcessAsync_shares_its_polls_with_other_subscribers()
    {
        await using var test = new WatchUnderTest();
        var processed = new List<string>();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync(Record(processed), new MemoryCheckpointStore(), None);
        var received = test.Record();
        test.Advance(6);

        Assert.Equal(["listed 1", "synced", "polled", "polled"], received);
        Assert.Equal(["listed 1", "synced"], processed);
        Assert.Equal(2, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task Subscribe_replays_the_snapshot_without_changes_after_a_restart()
    {
        var store = new MemoryCheckpointStore();
        await using (var first = new WatchUnderTest())
        {
            first.Poller.Set(Running("1"));
            _ = first.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);
            first.Advance(1);
        }

        await using var second = new WatchUnderTest(jobs: [Done("1")]);
        var processed = new List<string>();
        _ = second.Watch.ProcessAsync(Record(processed), store, None);
        var received = second.Record();
        second.Advance(1);

        Assert.Equal(["synced", "changed 1 Completed"], processed);
        Assert.Equal(["listed 1", "synced", "polled"], received);
    }

    [Fact]
    public async Task ProcessAsync_throws_when_the_watch_has_a_subscriber()
    {
        await using var test = new WatchUnderTest();
        test.Record(out var subscription);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None));
        Assert.Contains("before the first subscription", exception.Message, StringComparison.Ordinal);
        Assert.Contains("a separate watch", exception.Message, StringComparison.Ordinal);

        test.Advance(1);
        subscription.Dispose();
        _ = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None));
    }

    [Fact]
    public async Task ProcessAsync_hides_failed_polls_and_throws_fatal_errors()
    {
        await using var test = new WatchUnderTest();
        var received = new List<string>();
        var exception = new JobsAuthenticationException("refused");
        test.Poller.Fail(new JobsServerException("down"), exception);
        var processing = test.Watch.ProcessAsync(Record(received), new MemoryCheckpointStore(), None);

        test.Advance(6);

        Assert.Empty(received);
        Assert.Same(exception, await Assert.ThrowsAsync<JobsAuthenticationException>(() => processing));
    }

    [Fact]
    public async Task ProcessAsync_stops_the_polls_when_canceled()
    {
        await using var test = new WatchUnderTest();
        using var cancel = new CancellationTokenSource();
        var processing = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), cancel.Token);
        test.Advance(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => processing);
        test.Advance(60);
        Assert.Single(test.Poller.Polls);
    }

    private static Func<JobEvent, CancellationToken, ValueTask> Record(List<string> received) => (next, _) =>
    {
        received.Add(WatchUnderTest.Describe(next));
        return ValueTask.CompletedTask;
    };

    [Fact]
    public async Task Subscribers_continue_when_the_durable_handler_throws()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        bool subscribed = false;
        var handling = new TaskCompletionSource();
        Task processing = test.Watch.ProcessAsync(
            async (_, _) =>
            {
                await handling.Task;
                throw new InvalidOperationException("thrown by the handler");
            },
            new MemoryCheckpointStore(),
            (_, _) => new(true),
            () => subscribed = true,
            None);
        Assert.True(subscribed);
        List<string> others = test.Record();
        test.Advance(20);
        Assert.Single(test.Poller.Polls);
        Assert.True(test.Watch.AwaitsHandler);

        handling.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => processing);
        test.Advance(23);

        Assert.False(test.Watch.AwaitsHandler);
        Assert.Equal(["listed 1", "synced", "polled", "polled", "polled", "polled", "polled"], others);
    }

    [Fact]
    public async Task ProcessWithPollsAsync_delivers_PollCompleted_after_the_save()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var store = new MemoryCheckpointStore();
        List<string> received = [];
        _ = test.Watch.ProcessWithPollsAsync(
            (next, _) =>
            {
                received.Add($"{WatchUnderTest.Describe(next)} after {store.Saves}");
                return ValueTask.CompletedTask;
            },
            store,
            None);

        test.Advance(1);
        test.Poller.Fail(new JobsServerException("down"));
        test.Advance(5);

        Assert.Equal(["listed 1 after 0", "synced after 0", "polled after 1", "failed 1 5 after 1"], received);
    }

    [Fact]
    public async Task ProcessAsync_saves_a_skipped_checkpoint_after_the_next_poll()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var store = new MemoryCheckpointStore();
        int attempts = 0;
        _ = test.Watch.ProcessAsync(
            (_, _) => ValueTask.CompletedTask,
            store,
            async (checkpoint, cancellationToken) =>
            {
                if (++attempts == 1)
                {
                    return false;
                }

                await store.SaveAsync(checkpoint, cancellationToken);
                return true;
            },
            () => { },
            None);

        test.Advance(1);
        Assert.Equal((1, 0), (attempts, store.Saves));
        test.Advance(60);

        Assert.Equal((2, 1), (attempts, store.Saves));
    }
}
