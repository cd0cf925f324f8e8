using System.Reactive;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using Microsoft.Reactive.Testing;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class ObserveJobTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public void JobNotFoundException_names_the_job_and_its_last_observed_state()
    {
        Assert.Contains("The list does not contain job 7", new JobNotFoundException("7").Message, StringComparison.Ordinal);
        Assert.Contains("Its last observed state is: Job 7: ", new JobNotFoundException("7", Running("7")).Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "It may have finished before it was removed: check its result on the server.", new JobNotFoundException("7", Running("7")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ObserveJob_publishes_each_state_and_completes_when_the_job_finishes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(new Job { TaskId = "1", Status = JobStatus.Pending }, Running("2"));
        List<string> received = Follow(test, "1");

        test.Advance(6);
        test.Poller.Set(Running("1"), Done("2"));
        test.Advance(5);
        test.Poller.Set(Done("1"));
        test.Advance(60);

        Assert.Equal(["Pending", "Processing", "Completed", "completed"], received);
        Assert.Equal(4, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task ObserveJob_publishes_a_finished_job_and_completes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));
        List<string> received = Follow(test, "1");

        test.Advance(1);

        Assert.Equal(["Completed", "completed"], received);
    }

    [Fact]
    public async Task ObserveJob_fails_when_the_job_vanishes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        List<string> received = Follow(test, "1");
        test.Advance(1);

        test.Poller.Remove("1");
        test.Advance(5);

        Assert.Equal(["Processing", "JobNotFoundException"], received);
    }

    [Fact]
    public async Task WaitForFinishAsync_returns_the_finished_job()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(11);
        Assert.False(waiting.IsCompleted);

        test.Poller.Set(Done("1", JobResult.PartiallyFailed));
        test.Advance(5);

        Assert.Equal(Done("1", JobResult.PartiallyFailed), await waiting);
        int polls = test.Poller.Polls.Count;
        test.Advance(60);
        Assert.Equal(polls, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_a_full_scan_does_not_find_the_job()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        Task<Job> waiting = test.Watch.WaitForFinishAsync("2", None);

        test.Advance(29.9);
        Assert.False(waiting.IsCompleted);
        test.Advance(0.2);

        JobNotFoundException exception = await Assert.ThrowsAsync<JobNotFoundException>(() => waiting);
        Assert.Equal("2", exception.TaskId);
        Assert.Null(exception.LastObserved);
        Assert.Contains("job 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_the_job_vanishes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(1);

        test.Poller.Remove("1");
        test.Advance(5);

        Assert.Equal(Running("1"), (await Assert.ThrowsAsync<JobNotFoundException>(() => waiting)).LastObserved);
    }

    [Fact]
    public async Task WaitForFinishAsync_finds_jobs_that_are_not_retained_with_one_walk()
    {
        await using var test = new WatchUnderTest(retained: 1);
        test.Poller.Set(Done("1"), Done("2"), Done("3"));
        test.Record();
        test.Advance(1);

        Task<Job> first = test.Watch.WaitForFinishAsync("1", None);
        Task<Job> second = test.Watch.WaitForFinishAsync("2", None);
        Task<Job> third = test.Watch.WaitForFinishAsync("3", None);
        test.Advance(0.1);

        Assert.Equal(["1", "2", "3"], new[] { await first, await second, await third }.Select(job => job.TaskId));
        Assert.Equal(1, test.Walks);
    }

    [Fact]
    public async Task WaitForFinishAsync_finds_a_new_job_without_waiting_for_the_interval()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { PollInterval = TimeSpan.FromHours(1), Jitter = 0 });
        test.Record();
        test.Advance(1);
        test.Poller.Set(Running("1"));

        List<string> received = Follow(test, "1");
        test.Advance(0.1);

        Assert.Equal(["Processing"], received);
        Assert.Equal(0, test.Walks);
    }

    [Fact]
    public async Task WaitForFinishAsync_during_a_poll_does_not_wait_for_the_interval()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { PollInterval = TimeSpan.FromHours(1), Jitter = 0 }, retained: 0);
        test.Poller.Set(Done("1"));
        test.Record();
        test.Advance(1);
        TaskCompletionSource hold = test.Poller.Hold = new TaskCompletionSource();
        test.Advance(3_600);

        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(0.1);
        test.Poller.Hold = null;
        hold.SetResult();
        test.Advance(0.1);

        Assert.Equal(Done("1"), await waiting);
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_the_timeout_elapses()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TimeSpan.FromMinutes(1), None);

        test.Advance(59);
        Assert.False(waiting.IsCompleted);
        test.Advance(1);

        TimeoutException exception = await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.Contains("Job 1: ", exception.Message, StringComparison.Ordinal);
        Assert.True(test.Engine.Hub.HasNoSubscribers);
    }

    [Fact]
    public async Task WaitForFinishAsync_returns_a_job_that_finishes_before_the_timeout()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        Task<Job> timed = test.Watch.WaitForFinishAsync("1", TimeSpan.FromMinutes(1), None);
        Task<Job> endless = test.Watch.WaitForFinishAsync("1", Timeout.InfiniteTimeSpan, None);
        test.Advance(30);

        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal(Done("1"), await timed);
        Assert.Equal(Done("1"), await endless);
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_canceled()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        using var cancel = new CancellationTokenSource();
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", cancel.Token);
        test.Advance(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(test.Engine.Hub.HasNoSubscribers);
    }

    [Fact]
    public async Task Methods_reject_invalid_arguments_immediately()
    {
        await using var test = new WatchUnderTest();

        Assert.Throws<ArgumentException>(() => test.Watch.ObserveJob(string.Empty));
        Assert.Throws<ArgumentNullException>(() => { _ = test.Watch.WaitForFinishAsync(null!, None); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = test.Watch.WaitForFinishAsync("1", TimeSpan.FromSeconds(-2), None); });
        Assert.Empty(test.Poller.Polls);
    }

    [Fact]
    public async Task Watch_publishes_PollFailed_and_retries_when_a_lookup_fails()
    {
        await using var test = new WatchUnderTest(retained: 0);
        test.Poller.Set(Done("1"));
        List<string> received = test.Record();
        test.Advance(1);
        test.WalkFails.Enqueue(new JobsServerException("down"));

        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(11);

        Assert.Equal(["polled", "failed 1 5", "polled", "polled"], received[3..]);
        Assert.Equal(received.Count(text => text == "polled" || text.StartsWith("failed", StringComparison.Ordinal)), test.Watch.Health.PollCount);
        Assert.Equal(Done("1"), await waiting);
        Assert.Equal(0, test.Watch.Health.DroppedObserverCount);
    }

    [Fact]
    public async Task Watch_backs_off_when_lookups_fail_repeatedly()
    {
        await using var test = new WatchUnderTest(retained: 0);
        test.Poller.Set(Done("1"));
        for (int i = 0; i < 5; i++)
        {
            test.WalkFails.Enqueue(new JobsServerException("down"));
        }

        List<string> received = test.Record();
        test.Advance(1);
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(1_000);

        Assert.Equal(
            ["failed 1 5", "failed 2 10", "failed 3 20", "failed 4 40", "failed 5 80"],
            received.Where(text => text.StartsWith("failed", StringComparison.Ordinal)));
        Assert.Equal(Done("1"), await waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitForFinishAsync_returns_an_evicted_job_when_it_finishes(bool wasFollowed)
    {
        var server = new InMemoryJobs();
        server.InsertMany(wasFollowed ? 1 : 3, JobStatus.Processing);
        var scheduler = new TestScheduler();
        await using JobWatch watch = new InMemoryJobsClient(server).WatchJobs(new JobWatchOptions { Jitter = 0, MaxUnfinishedJobs = 2 }, new JobWatchServices { Scheduler = scheduler });
        Task<Job> waiting = watch.WaitForFinishAsync(server.Jobs[^1].TaskId, None);
        scheduler.AdvanceBy(TimeSpan.FromSeconds(11).Ticks);
        server.InsertMany(wasFollowed ? 2 : 0, JobStatus.Processing);
        scheduler.AdvanceBy(TimeSpan.FromSeconds(11).Ticks);
        Assert.False(waiting.IsCompleted);

        server.Change(2, JobStatus.Completed, JobResult.AllSucceeded);
        int before = server.Requests.Count;
        scheduler.AdvanceBy(TimeSpan.FromSeconds(6).Ticks);

        Assert.Equal(server.Jobs[2], await waiting);
        Assert.InRange(server.Requests.Count - before, 2, 10);
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_an_evicted_job_vanishes()
    {
        var server = new InMemoryJobs();
        server.InsertMany(3, JobStatus.Processing);
        var scheduler = new TestScheduler();
        await using JobWatch watch = new InMemoryJobsClient(server).WatchJobs(new JobWatchOptions { Jitter = 0, MaxUnfinishedJobs = 2 }, new JobWatchServices { Scheduler = scheduler });
        Task<Job> waiting = watch.WaitForFinishAsync(server.Jobs[2].TaskId, None);
        scheduler.AdvanceBy(TimeSpan.FromSeconds(11).Ticks);

        server.Delete(2);
        scheduler.AdvanceBy(TimeSpan.FromSeconds(6).Ticks);

        await Assert.ThrowsAsync<JobNotFoundException>(() => waiting);
    }

    [Fact]
    public async Task WaitForSyncAsync_completes_at_the_first_WatchSynced()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsServerException("down"));
        Task first = test.Watch.WaitForSyncAsync(None);
        test.Record();
        test.Advance(4);
        Assert.False(first.IsCompleted);

        test.Advance(2);
        await first;
        Task second = test.Watch.WaitForSyncAsync(None);
        test.Advance(0.1);

        await second;
        Assert.Equal(2, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task WaitForFinishAsync_finds_a_job_that_is_listed_within_the_grace_period()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        Task<Job> waiting = test.Watch.WaitForFinishAsync("2", None);
        test.Advance(12);

        test.Poller.Set(Running("2"));
        test.Advance(30);
        Assert.False(waiting.IsCompleted);
        test.Poller.Set(Done("2"));
        test.Advance(5);

        Assert.Equal(Done("2"), await waiting);
        Assert.Equal(1, test.Walks);
    }

    [Fact]
    public async Task WaitForFinishAsync_finds_an_old_job_that_is_listed_within_the_grace_period()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, PollInterval = TimeSpan.FromHours(1) }, retained: 0);
        test.Record();
        test.Advance(1);
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);
        test.Advance(20);
        test.Poller.HideFromPolls = true;
        test.Poller.Set(Done("1"));

        // The interval does not delay the result.
        test.Advance(10.1);

        Assert.Equal(Done("1"), await waiting);
        Assert.Equal(2, test.Walks);
        Assert.Equal(3_600, (test.Watch.Health.NextPollAt!.Value - test.Clock.Now).TotalSeconds, 1.0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public async Task WaitForFinishAsync_throws_when_the_grace_period_ends(double grace)
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, NotFoundGracePeriod = TimeSpan.FromSeconds(grace) });
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", None);

        test.Advance(Math.Max(0, grace - 0.1));
        Assert.False(waiting.IsCompleted);
        test.Advance(0.2);

        await Assert.ThrowsAsync<JobNotFoundException>(() => waiting);
    }

    [Fact]
    public async Task WaitForFinishAsync_times_out_before_the_grace_period_ends()
    {
        await using var test = new WatchUnderTest();
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TimeSpan.FromSeconds(10), None);

        test.Advance(10.1);

        Assert.Contains("not observed", (await Assert.ThrowsAsync<TimeoutException>(() => waiting)).Message, StringComparison.Ordinal);
        Assert.Empty(test.Log.ProblemIds);
    }

    private static List<string> Follow(WatchUnderTest test, string taskId)
    {
        var received = new List<string>();
        _ = test.Watch.ObserveJob(taskId).Subscribe(Observer.Create<Job>(
            job => received.Add($"{job.Status}"),
            exception => received.Add(exception.GetType().Name),
            () => received.Add("completed")));
        return received;
    }
}
