using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class DurableProcessingTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task W10_what_changed_while_no_process_ran_is_told_after_a_restart()
    {
        var store = new MemoryCheckpointStore();
        await using (var first = new WatchUnderTest())
        {
            first.Poller.Set(Running("1"), Running("2"));
            _ = first.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);
            first.Advance(1);
        }

        await using var second = new WatchUnderTest(jobs: [Done("1"), Running("2"), Done("3")]);
        var told = new List<string>();
        _ = second.Watch.ProcessAsync(Record(told), store, None);
        second.Advance(1);

        Assert.Equal(["synced", "changed 1 Completed", "added 3"], told);
    }

    [Fact]
    public async Task W10_the_checkpoint_is_written_after_every_event_of_the_poll_was_acknowledged_and_before_the_next_poll()
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
    public async Task W10_the_checkpoint_is_written_before_the_poll_is_acknowledged()
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
    public async Task W10_a_handler_that_fails_ends_the_processing_and_sees_the_events_again()
    {
        var store = new MemoryCheckpointStore();
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var told = new List<string>();
        var error = new InvalidOperationException("thrown by the handler");
        var processing = test.Watch.ProcessAsync(
            (next, _) =>
            {
                told.Add(WatchUnderTest.Tell(next));
                return next is JobChange { Job.TaskId: "2" } ? throw error : ValueTask.CompletedTask;
            },
            store,
            None);
        test.Advance(1);
        test.Poller.Set(Done("1"), Done("2"));
        test.Advance(5);

        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => processing));
        Assert.Equal(["listed 1", "listed 2", "synced", "changed 1 Completed", "changed 2 Completed"], told);
        test.Advance(60);
        Assert.Equal(2, test.Poller.Polls.Count);

        told.Clear();
        test.NextJobs = [Done("1"), Done("2")];
        _ = test.Watch.ProcessAsync(Record(told), store, None);
        test.Advance(6);
        Assert.Equal(["synced", "changed 1 Completed", "changed 2 Completed"], told);
    }

    [Fact]
    public async Task W10_every_change_is_told_at_least_once_and_no_job_loses_its_final_state_wherever_the_process_dies()
    {
        // Dies at the n-th step of a first life, a step being: before the handler, after it, before a save, after it.
        for (var deathAt = 1; ; deathAt++)
        {
            var store = new MemoryCheckpointStore();
            var told = new List<JobEvent>();
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
                Assert.Contains(told, next => (next as JobChange)?.Job == job || (!restored && (next as JobListed)?.Job == job));
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
                told.Add(next);
                Step();
                return ValueTask.CompletedTask;
            }
        }
    }

    [Fact]
    public async Task Nothing_is_written_while_nothing_changes()
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
    public async Task Other_subscribers_share_its_polls()
    {
        await using var test = new WatchUnderTest();
        var processed = new List<string>();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync(Record(processed), new MemoryCheckpointStore(), None);
        var told = test.Record();
        test.Advance(6);

        Assert.Equal(["listed 1", "synced", "polled", "polled"], told);
        Assert.Equal(["listed 1", "synced"], processed);
        Assert.Equal(2, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task Others_that_come_after_a_restart_are_told_the_state_and_not_the_news()
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
        var told = second.Record();
        second.Advance(1);

        Assert.Equal(["synced", "changed 1 Completed"], processed);
        Assert.Equal(["listed 1", "synced", "polled"], told);
    }

    [Fact]
    public async Task It_must_come_before_other_subscribers()
    {
        await using var test = new WatchUnderTest();
        test.Record(out var subscription);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None));
        Assert.Contains("before anybody subscribes", error.Message, StringComparison.Ordinal);
        Assert.Contains("a watch of its own", error.Message, StringComparison.Ordinal);

        test.Advance(1);
        subscription.Dispose();
        _ = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None));
    }

    [Fact]
    public async Task Failed_polls_are_not_the_handlers_business_and_what_cannot_be_mended_ends_it()
    {
        await using var test = new WatchUnderTest();
        var told = new List<string>();
        var error = new JobsAuthenticationException("refused");
        test.Poller.Fail(new JobsServerException("down"), error);
        var processing = test.Watch.ProcessAsync(Record(told), new MemoryCheckpointStore(), None);

        test.Advance(6);

        Assert.Empty(told);
        Assert.Same(error, await Assert.ThrowsAsync<JobsAuthenticationException>(() => processing));
    }

    [Fact]
    public async Task Canceling_ends_it_and_the_polls()
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

    private static Func<JobEvent, CancellationToken, ValueTask> Record(List<string> told) => (next, _) =>
    {
        told.Add(WatchUnderTest.Tell(next));
        return ValueTask.CompletedTask;
    };

    [Fact]
    public async Task Others_may_subscribe_once_it_has_and_go_on_when_its_handler_fails()
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
    public async Task Polls_are_told_to_who_wants_them_when_what_they_found_is_in_the_checkpoint()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var store = new MemoryCheckpointStore();
        List<string> told = [];
        _ = test.Watch.ProcessWithPollsAsync(
            (next, _) =>
            {
                told.Add($"{WatchUnderTest.Tell(next)} after {store.Saves}");
                return ValueTask.CompletedTask;
            },
            store,
            None);

        test.Advance(1);
        test.Poller.Fail(new JobsServerException("down"));
        test.Advance(5);

        Assert.Equal(["listed 1 after 0", "synced after 0", "polled after 1", "failed 1 5 after 1"], told);
    }

    [Fact]
    public async Task W10_a_checkpoint_that_was_not_saved_is_saved_after_the_next_poll_though_nothing_changes()
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
