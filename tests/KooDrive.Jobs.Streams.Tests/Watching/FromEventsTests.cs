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
    public async Task FromEvents_tells_its_script_to_each_subscriber_and_completes()
    {
        await using var watch = JobWatch.FromEvents(new WatchSynced(), Added, Finished);
        List<string> told = [];

        using var first = watch.Events.Subscribe(next => told.Add(WatchUnderTest.Tell(next)), () => told.Add("completed"));
        using var second = watch.Changes.Subscribe(change => told.Add(change.Job.TaskId));

        Assert.Equal(["synced", "added 1", "changed 1 Completed", "completed", "1", "1"], told);
    }

    [Fact]
    public async Task FromEvents_is_waited_for_and_read_and_processed_like_any_watch()
    {
        await using var watch = JobWatch.FromEvents(new JobListed { Job = Running }, new WatchSynced(), Finished, new PollCompleted { Requests = 1, Jobs = 1, Changes = 1, Duration = default });
        var cancellationToken = TestContext.Current.CancellationToken;
        List<string> processed = [], durable = [], changes = [];

        await watch.WaitForSyncAsync(cancellationToken);
        Assert.Equal(Done, await watch.WaitForFinishAsync("1", cancellationToken));
        Assert.Equal([Running, Done], await watch.ObserveJob("1").ToList());
        Assert.Equal(4, await watch.ReadEventsAsync(cancellationToken).CountAsync(cancellationToken));
        await watch.ProcessAsync((next, _) => Note(processed, next), cancellationToken);
        await watch.ProcessAsync((next, _) => Note(durable, next), new MemoryCheckpointStore(), cancellationToken);
        await watch.SubscribeAsync((next, _) => Note(changes, next), cancellationToken);

        Assert.Equal(["listed 1", "synced", "changed 1 Completed", "polled"], processed);
        Assert.Equal(["listed 1", "synced", "changed 1 Completed"], durable);
        Assert.Equal(["changed 1 Completed"], changes);

        static ValueTask Note(List<string> told, JobEvent next)
        {
            told.Add(WatchUnderTest.Tell(next));
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task WaitForFinishAsync_on_a_script_fails_as_it_does_on_a_server()
    {
        var cancellationToken = TestContext.Current.CancellationToken;

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
    public async Task FromEvents_of_a_subject_follows_it_and_ends_when_it_is_disposed_of()
    {
        using var events = new Subject<JobEvent>();
        var watch = JobWatch.FromEvents(events);
        List<string> told = [];
        using var subscription = watch.Events.Subscribe(next => told.Add(WatchUnderTest.Tell(next)), () => told.Add("completed"));

        events.OnNext(Added with { Poll = 1 });
        Assert.Equal([Running], watch.UnfinishedJobs);
        events.OnNext(new PollFailed { Poll = 2, Error = new JobsServerException("down"), Attempt = 1, Delay = TimeSpan.FromSeconds(5) });
        Assert.Equal((1, 2L), (watch.Health.ConsecutiveFailures, watch.Health.Polls));
        events.OnNext(Finished with { Poll = 3 });
        events.OnNext(new PollCompleted { Poll = 3, ObservedAt = DateTimeOffset.UnixEpoch, Requests = 1, Jobs = 1, Changes = 1, Duration = default });
        Assert.Empty(watch.UnfinishedJobs);
        Assert.Equal((0, DateTimeOffset.UnixEpoch), (watch.Health.ConsecutiveFailures, watch.Health.LastSuccess));
        await watch.DisposeAsync();
        events.OnNext(Added);

        Assert.Equal(["added 1", "failed 1 5", "changed 1 Completed", "polled", "completed"], told);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FromEvents_times_out_by_its_scheduler()
    {
        var scheduler = new TestScheduler();
        using var events = new Subject<JobEvent>();
        await using var watch = JobWatch.FromEvents(events, scheduler);

        var wait = watch.WaitForFinishAsync("1", TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        events.OnNext(Added);
        scheduler.AdvanceBy(TimeSpan.FromHours(1).Ticks - 1);
        Assert.False(wait.IsCompleted);
        scheduler.AdvanceBy(1);

        await Assert.ThrowsAsync<TimeoutException>(() => wait);
    }

    [Fact]
    public async Task A_timeout_says_as_what_the_job_was_seen_last()
    {
        var scheduler = new TestScheduler();
        using var events = new Subject<JobEvent>();
        await using var watch = JobWatch.FromEvents(events, scheduler);
        Task<Job> unseen = watch.WaitForFinishAsync("2", TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Task<Job> seen = watch.WaitForFinishAsync("1", TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        events.OnNext(Added);

        scheduler.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);

        Assert.EndsWith("within 00:00:01. It was not seen.", (await Assert.ThrowsAsync<TimeoutException>(() => unseen)).Message, StringComparison.Ordinal);
        Assert.EndsWith($"within 00:00:01. It was last seen as: {Running}", (await Assert.ThrowsAsync<TimeoutException>(() => seen)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_may_tell_that_jobs_are_no_longer_followed_and_goes_on()
    {
        await using var watch = JobWatch.FromEvents(
            new WatchGap { Reason = WatchGapReason.TooManyUnfinished, Message = "" }, new JobListed { Job = Running }, new WatchSynced(), Finished);

        Assert.Equal([Running, Done], await watch.ObserveJob("1").ToList());
    }

    [Fact]
    public async Task Disposing_of_it_ends_a_reader_before_what_still_waits_for_it()
    {
        using var events = new Subject<JobEvent>();
        var watch = JobWatch.FromEvents(events);
        await using var reader = watch.ReadEventsAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        ValueTask<bool> reading = reader.MoveNextAsync();
        events.OnNext(Added);
        events.OnNext(Finished);
        Assert.True(await reading);

        await watch.DisposeAsync();

        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task A_fake_has_no_polls_that_others_must_wait_for()
    {
        await using var watch = JobWatch.FromEvents(Added);
        bool subscribed = false;
        int told = 0;

        await watch.ProcessAsync(
            (_, _) =>
            {
                told += subscribed ? 1 : 0;
                return ValueTask.CompletedTask;
            },
            new MemoryCheckpointStore(),
            (_, _) => new(true),
            () => subscribed = true,
            TestContext.Current.CancellationToken);

        Assert.Equal(1, told);
        Assert.False(watch.AwaitsHandler);
    }

    [Fact]
    public void A_fake_that_overrides_too_little_says_so()
    {
        using var fake = new Fake();

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => fake.UnfinishedJobs);

        Assert.Contains("must override this member", error.Message, StringComparison.Ordinal);
    }

    private sealed class Fake : JobWatch;
}
