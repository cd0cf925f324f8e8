using System.Reactive.Linq;
using System.Reactive.Subjects;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public sealed class FromEventsTests
{
    private static readonly Job Running = new() { TaskId = "1", Status = JobStatus.Processing };
    private static readonly Job Done = Running with { Status = JobStatus.Completed, Result = JobResult.AllSucceeded };
    private static readonly JobAdded Added = new() { Job = Running };
    private static readonly JobChanged Finished = new() { Job = Done, Previous = Running };

    [Fact]
    public async Task FromEvents_publishes_its_events_to_each_subscriber_and_completes()
    {
        await using var watch = JobWatch.FromEvents(new WatchSynced(), Added, Finished);
        List<string> received = [];

        using IDisposable first = watch.Events.Subscribe(next => received.Add(WatchUnderTest.Describe(next)), () => received.Add("completed"));
        using IDisposable second = watch.Changes.Subscribe(change => received.Add(change.Job.TaskId));

        Assert.Equal(["synced", "added 1", "changed 1 Completed", "completed", "1", "1"], received);
    }

    [Fact]
    public async Task FromEvents_supports_waiting_reading_and_processing()
    {
        await using var watch = JobWatch.FromEvents(new JobListed { Job = Running }, new WatchSynced(), Finished, new PollCompleted { RequestCount = 1, JobCount = 1, ChangeCount = 1, Duration = default });
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        List<string> processed = [], durable = [], changes = [];

        await watch.WaitForSyncAsync(cancellationToken);
        Assert.Equal(Done, await watch.WaitForFinishAsync("1", cancellationToken));
        Assert.Equal([Running, Done], await watch.ObserveJob("1").ToList());
        Assert.Equal(4, await watch.ReadEventsAsync(cancellationToken).CountAsync(cancellationToken));
        await watch.ProcessAsync((next, _) => Note(processed, next), cancellationToken);
        await watch.ProcessAsync((next, _) => Note(durable, next), new MemoryCheckpointStore(), cancellationToken);
        await watch.ProcessChangesAsync((next, _) => Note(changes, next), cancellationToken);

        Assert.Equal(["listed 1", "synced", "changed 1 Completed", "polled"], processed);
        Assert.Equal(["listed 1", "synced", "changed 1 Completed"], durable);
        Assert.Equal(["changed 1 Completed"], changes);

        static ValueTask Note(List<string> received, JobEvent next)
        {
            received.Add(WatchUnderTest.Describe(next));
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task WaitForFinishAsync_on_a_fake_throws_as_on_a_server()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<JobNotFoundException>(() => JobWatch.FromEvents(new WatchSynced()).WaitForFinishAsync("1", cancellationToken));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => JobWatch.FromEvents(Added).WaitForFinishAsync("1", cancellationToken));
        await Assert.ThrowsAsync<JobsServerException>(() => JobWatch.FromEvents(Broken()).WaitForFinishAsync("1", cancellationToken));

        static IEnumerable<JobEvent> Broken()
        {
            yield return Added;
            throw new JobsServerException("down");
        }
    }

    [Fact]
    public async Task FromEvents_publishes_the_events_of_a_subject_until_it_is_disposed()
    {
        using var events = new Subject<JobEvent>();
        var watch = JobWatch.FromEvents(events);
        List<string> received = [];
        using IDisposable subscription = watch.Events.Subscribe(next => received.Add(WatchUnderTest.Describe(next)), () => received.Add("completed"));

        events.OnNext(Added with { Poll = 1 });
        Assert.Equal([Running], watch.UnfinishedJobs);
        events.OnNext(new PollFailed { Poll = 2, Exception = new JobsServerException("down"), ConsecutiveFailureCount = 1, Delay = TimeSpan.FromSeconds(5) });
        Assert.Equal((1, 2L), (watch.Health.ConsecutiveFailureCount, watch.Health.PollCount));
        events.OnNext(Finished with { Poll = 3 });
        events.OnNext(new PollCompleted { Poll = 3, ObservedAt = DateTimeOffset.UnixEpoch, RequestCount = 1, JobCount = 1, ChangeCount = 1, Duration = default });
        Assert.Empty(watch.UnfinishedJobs);
        Assert.Equal((0, DateTimeOffset.UnixEpoch), (watch.Health.ConsecutiveFailureCount, watch.Health.LastSuccessAt));
        await watch.DisposeAsync();
        events.OnNext(Added);

        Assert.Equal(["added 1", "failed 1 5", "changed 1 Completed", "polled", "completed"], received);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FromEvents_uses_its_scheduler_for_timeouts()
    {
        var scheduler = new TestScheduler();
        using var events = new Subject<JobEvent>();
        await using var watch = JobWatch.FromEvents(events, scheduler);

        Task<Job> wait = watch.WaitForFinishAsync("1", TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        events.OnNext(Added);
        scheduler.AdvanceBy(TimeSpan.FromHours(1).Ticks - 1);
        Assert.False(wait.IsCompleted);
        scheduler.AdvanceBy(1);

        await Assert.ThrowsAsync<TimeoutException>(() => wait);
    }

    [Fact]
    public async Task TimeoutException_contains_the_last_observed_state()
    {
        var scheduler = new TestScheduler();
        using var events = new Subject<JobEvent>();
        await using var watch = JobWatch.FromEvents(events, scheduler);
        Task<Job> unseen = watch.WaitForFinishAsync("2", TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Task<Job> seen = watch.WaitForFinishAsync("1", TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        events.OnNext(Added);

        scheduler.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);

        Assert.EndsWith("within 00:00:01. The job was not observed. Wait again, or increase the timeout.", (await Assert.ThrowsAsync<TimeoutException>(() => unseen)).Message, StringComparison.Ordinal);
        Assert.EndsWith($"within 00:00:01. Its last observed state is: {Running}. Wait again, or increase the timeout.", (await Assert.ThrowsAsync<TimeoutException>(() => seen)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromEvents_continues_after_a_gap_for_evicted_jobs()
    {
        await using var watch = JobWatch.FromEvents(
            new WatchGap { Reason = WatchGapReason.TooManyUnfinished, Message = "" }, new JobListed { Job = Running }, new WatchSynced(), Finished);

        Assert.Equal([Running, Done], await watch.ObserveJob("1").ToList());
    }

    [Fact]
    public async Task Dispose_of_a_fake_ends_a_reader_before_its_queued_events()
    {
        using var events = new Subject<JobEvent>();
        var watch = JobWatch.FromEvents(events);
        await using IAsyncEnumerator<JobEvent> reader = watch.ReadEventsAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> reading = reader.MoveNextAsync();
        events.OnNext(Added);
        events.OnNext(Finished);
        Assert.True(await reading);

        await watch.DisposeAsync();

        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task AwaitsHandler_is_false_for_a_fake()
    {
        await using var watch = JobWatch.FromEvents(Added);
        bool subscribed = false;
        int received = 0;

        await watch.ProcessAsync(
            (_, _) =>
            {
                received += subscribed ? 1 : 0;
                return ValueTask.CompletedTask;
            },
            new MemoryCheckpointStore(),
            (_, _) => new(true),
            () => subscribed = true,
            TestContext.Current.CancellationToken);

        Assert.Equal(1, received);
        Assert.False(watch.AwaitsHandler);
    }

    [Fact]
    public void Fake_throws_NotSupportedException_for_members_that_it_does_not_override()
    {
        using var fake = new Fake();

        NotSupportedException exception = Assert.Throws<NotSupportedException>(() => fake.UnfinishedJobs);

        Assert.Contains("does not override this member", exception.Message, StringComparison.Ordinal);
    }

    private sealed class Fake : JobWatch;
}
