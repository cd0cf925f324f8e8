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

        Assert.Equal(["listed 2", "synced", "changed 1 Completed", "added 3"], received);
    }

    [Fact]
    public async Task ProcessAsync_saves_after_the_last_event_of_a_poll_and_before_the_next_poll()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        var acknowledge = new TaskCompletionSource();
        int handled = 0;
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
        store.BeforeSave = store.AfterSave = () => awaited.Add(test.Engine.AwaitsAcknowledgment);
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);

        test.Advance(1);

        Assert.Equal([true, true], awaited);
        Assert.False(test.Engine.AwaitsAcknowledgment);
    }

    [Fact]
    public async Task ProcessAsync_saves_an_unchanged_checkpoint_after_events()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        var received = new List<string>();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync(Record(received), store, None);
        test.Advance(1);

        test.Poller.ExportedState = test.Poller.Export();
        test.Poller.Set(Done("1"));
        test.Advance(5);
        Assert.Equal(("changed 1 Completed", 2), (received[^1], store.Saves));

        test.Advance(60);
        Assert.Equal(2, store.Saves);
    }

    [Fact]
    public async Task ProcessAsync_does_not_redeliver_an_acknowledged_final_state_after_a_restart()
    {
        var store = new MemoryCheckpointStore();
        var received = new List<string>();
        for (int life = 0; life < 3; life++)
        {
            await using var test = new WatchUnderTest(jobs: [Done("1"), Running("2")]);
            _ = test.Watch.ProcessAsync(Record(received), store, None);
            test.Advance(1);
        }

        Assert.Equal(["listed 1", "listed 2", "synced", "listed 2", "synced", "listed 2", "synced"], received);
    }

    [Fact]
    public async Task ProcessAsync_starts_again_when_the_store_returns_an_empty_document()
    {
        await using var test = new WatchUnderTest();
        var received = new List<string>();
        test.Poller.Set(Running("1"));
        _ = test.Watch.ProcessAsync(Record(received), new MemoryCheckpointStore { Checkpoint = ReadOnlyMemory<byte>.Empty }, None);
        test.Advance(1);

        Assert.Equal(["listed 1", "synced"], received);
    }

    [Fact]
    public async Task ProcessOnceAsync_polls_once_and_delivers_the_changes_since_the_call_before()
    {
        var store = new MemoryCheckpointStore();
        var received = new List<string>();
        foreach (Job[] jobs in (Job[][])[[Running("1")], [Running("1"), Running("2")], [Done("1"), Running("2")], [Done("1"), Running("2")]])
        {
            await using var test = new WatchUnderTest(jobs: jobs);
            Task call = test.Watch.ProcessOnceAsync(Record(received), store, None);
            test.Advance(1);
            await call;
            received.Add($"{store.Saves} saved");

            test.Advance(3600);
            Assert.Single(test.Poller.Polls);
        }

        string[] expected =
        [
            "listed 1", "synced", "1 saved",
            "listed 1", "synced", "added 2", "2 saved",
            "listed 2", "synced", "changed 1 Completed", "3 saved",
            "listed 2", "synced", "4 saved",
        ];
        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task ProcessOnceAsync_throws_the_exception_of_a_failed_poll_and_saves_nothing()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        var received = new List<string>();
        test.Poller.Fail(new JobsConnectionException("The server is down."));
        Task call = test.Watch.ProcessOnceAsync(Record(received), store, None);
        test.Advance(1);

        Assert.Equal("The server is down.", (await Assert.ThrowsAsync<JobsConnectionException>(() => call)).Message);
        test.Advance(3600);
        Assert.Equal((0, 0, 1), (received.Count, store.Saves, test.Poller.Polls.Count));
    }

    [Fact]
    public async Task ProcessOnceAsync_throws_when_the_watch_is_disposed_before_the_poll_completes()
    {
        var test = new WatchUnderTest();
        Task call = test.Watch.ProcessOnceAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), None);
        await test.DisposeAsync();

        ObjectDisposedException exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.Equal("JobWatch", exception.ObjectName);
        Assert.StartsWith("The watch was disposed before its poll completed.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessAsync_redelivers_events_after_a_handler_threw()
    {
        var store = new MemoryCheckpointStore();
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var received = new List<string>();
        var exception = new InvalidOperationException("thrown by the handler");
        Task processing = test.Watch.ProcessAsync(
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
        for (int deathAt = 1; ; deathAt++)
        {
            var store = new MemoryCheckpointStore();
            var received = new List<JobEvent>();
            int steps = 0;
            bool died = false;
            var first = new WatchUnderTest();
            store.BeforeSave = store.AfterSave = Step;
            first.Poller.Set(Running("1"), Running("2"));
            Task life = first.Watch.ProcessAsync(Handle, store, new JobProcessingOptions { MaxSaveRetries = 0 }, None);
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
            bool restored = store.Checkpoint is not null;
            await using var second = new WatchUnderTest(jobs: [Done("1"), Done("2"), Done("3"), Done("4")]);
            _ = second.Watch.ProcessAsync(Handle, store, None);
            second.Advance(1);

            foreach (Job job in new[] { Done("1"), Done("2"), Done("3"), Done("4") })
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
        List<string> received = test.Record();
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
        List<string> received = second.Record();
        second.Advance(1);

        Assert.Equal(["synced", "changed 1 Completed"], processed);
        Assert.Equal(["listed 1", "synced", "polled"], received);
    }

    [Fact]
    public async Task ProcessAsync_throws_when_the_watch_has_a_subscriber()
    {
        await using var test = new WatchUnderTest();
        test.Record(out IDisposable? subscription);

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
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
        var exception = new JobsAuthenticationException("rejected");
        test.Poller.Fail(new JobsServerException("down"), exception);
        Task processing = test.Watch.ProcessAsync(Record(received), new MemoryCheckpointStore(), None);

        test.Advance(6);

        Assert.Empty(received);
        Assert.Same(exception, await Assert.ThrowsAsync<JobsAuthenticationException>(() => processing));
    }

    [Fact]
    public async Task ProcessAsync_stops_the_polls_when_canceled()
    {
        await using var test = new WatchUnderTest();
        using var cancel = new CancellationTokenSource();
        Task processing = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), cancel.Token);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Overdue_excludes_the_wait_for_a_handler_that_returns_or_throws(bool throws)
    {
        await using var test = new WatchUnderTest(jobs: [Running("1")]);
        var handling = new TaskCompletionSource();
        Task processing = test.Watch.ProcessAsync(
            async (_, _) =>
            {
                await handling.Task;
                if (throws)
                {
                    throw new InvalidOperationException("thrown by the handler");
                }
            },
            new MemoryCheckpointStore(),
            None);
        test.Record();
        test.Advance(100);
        Assert.True(test.Watch.AwaitsHandler);

        handling.SetResult();
        test.Advance(3);

        Assert.False(test.Watch.AwaitsHandler);
        Assert.Equal(throws, processing.IsFaulted);
        Assert.Equal(3, test.Watch.Overdue!.Value.TotalSeconds, 0.001);
    }

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

    [Fact]
    public async Task ProcessAsync_retries_a_failed_save_after_growing_delays()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var store = new MemoryCheckpointStore();
        List<long> attempts = FailSaves(test, store, failures: 4);
        var options = new JobProcessingOptions { MaxSaveRetryDelay = TimeSpan.FromSeconds(3) };
        List<string> received = [];
        _ = test.Watch.ProcessWithPollsAsync(Record(received), store, options, None);
        options.MaxSaveRetries = 0;

        test.Advance(9.5);
        Assert.Equal([0, 1, 3, 6, 9], Delays(attempts));
        Assert.Equal((1, 1), (store.Saves, test.Poller.Polls.Count));
        Assert.Equal(["listed 1", "synced", "polled"], received);
        Assert.Equal([303, 303, 303, 303], test.Log.EventIds.Where(id => id >= 300));
        Assert.Equal("MemoryCheckpointStore failed to save the checkpoint of the watch. Retry 3 of 5 starts in 3 s.", test.Log.Entries.Last(entry => entry.Message.Contains("Retry 3", StringComparison.Ordinal)).Message);

        test.Advance(5);
        Assert.Equal(2, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task ProcessAsync_throws_the_exception_of_the_store_when_every_retry_fails()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var store = new MemoryCheckpointStore();
        List<long> attempts = FailSaves(test, store, failures: 100);
        Task processing = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, None);

        test.Advance(60);

        Assert.Equal("The store is busy.", (await Assert.ThrowsAsync<IOException>(() => processing)).Message);
        Assert.Equal([0, 1, 3, 7, 15, 31], Delays(attempts));
    }

    [Fact]
    public async Task ProcessAsync_ends_when_canceled_during_the_delay_before_a_retry()
    {
        await using var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        List<long> attempts = FailSaves(test, store, failures: 100);
        using var cancel = new CancellationTokenSource();
        Task processing = test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, store, cancel.Token);
        test.Advance(0.5);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => processing.WaitAsync(TimeSpan.FromSeconds(30), None));
        Assert.Single(attempts);
    }

    [Fact]
    public async Task DisposeAsync_ends_the_delay_before_a_retry_of_a_save()
    {
        var test = new WatchUnderTest();
        var store = new MemoryCheckpointStore();
        List<long> attempts = FailSaves(test, store, failures: 100);
        List<string> received = [];
        Task processing = test.Watch.ProcessWithPollsAsync(Record(received), store, None);
        test.Advance(0.5);

        await test.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), None);

        await processing.WaitAsync(TimeSpan.FromSeconds(30), None);
        Assert.Single(attempts);
        Assert.Equal(["synced"], received);
    }

    [Fact]
    public async Task ProcessAsync_reports_every_invalid_option_together()
    {
        await using var test = new WatchUnderTest();
        var options = new JobProcessingOptions { MaxSaveRetries = 101, SaveRetryDelay = TimeSpan.FromSeconds(2), MaxSaveRetryDelay = TimeSpan.FromSeconds(1) };

        JobsOptionsException exception = await Assert.ThrowsAsync<JobsOptionsException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), options, None));

        Assert.Equal(
            [
                "MaxSaveRetries is 101: it must be 0 to 100 retries.",
                "MaxSaveRetryDelay is 1 s: it must be 2 s (SaveRetryDelay) to 86,400 s.",
            ],
            exception.Failures);
        Assert.Equal("options", exception.ParamName);
    }

    [Fact]
    public async Task ProcessAsync_rejects_a_negative_delay_before_a_retry()
    {
        await using var test = new WatchUnderTest();
        var options = new JobProcessingOptions { SaveRetryDelay = TimeSpan.FromSeconds(-1) };

        JobsOptionsException exception = await Assert.ThrowsAsync<JobsOptionsException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new MemoryCheckpointStore(), options, None));

        Assert.Equal(["SaveRetryDelay is -1 s: it must be 0 s to 86,400 s."], exception.Failures);
    }

    // In seconds since the first attempt.
    private static IEnumerable<double> Delays(List<long> attempts) => attempts.Select(at => TimeSpan.FromTicks(at - attempts[0]).TotalSeconds);

    // Returns the times of the attempts, in ticks.
    private static List<long> FailSaves(WatchUnderTest test, MemoryCheckpointStore store, int failures)
    {
        List<long> attempts = [];
        store.BeforeSave = () =>
        {
            attempts.Add(test.Scheduler.Clock);
            if (attempts.Count <= failures)
            {
                throw new IOException("The store is busy.");
            }
        };
        return attempts;
    }
}
