using System.Reactive.Linq;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class JobWatchTests
{
    [Fact]
    public async Task Events_start_with_every_job_and_one_WatchSynced()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"), Running("2"));
        List<string> received = test.Record();

        test.Advance(12);

        Assert.Equal(["listed 1", "listed 2", "synced", "polled", "polled", "polled"], received);
    }

    [Fact]
    public async Task Events_contain_WatchSynced_when_the_list_is_empty()
    {
        await using var test = new WatchUnderTest();
        List<string> received = test.Record();

        test.Advance(1);

        Assert.Equal(["synced", "polled"], received);
    }

    [Fact]
    public async Task Changes_exclude_a_job_that_was_finished_at_the_first_poll()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));
        int changes = 0;
        using IDisposable subscription = test.Watch.Changes.Subscribe(_ => changes++);

        test.Advance(60);

        Assert.Equal(0, changes);
    }

    [Fact]
    public async Task Events_are_delivered_in_order_and_one_at_a_time()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Set(Done("1"), Done("2"), Running("3"));
        test.Advance(5);
        test.Poller.Remove("1");
        test.Advance(5);

        Assert.Equal(
            ["listed 1", "listed 2", "synced", "polled", "changed 1 Completed", "changed 2 Completed", "added 3", "polled", "vanished 1", "polled"],
            received);
    }

    [Fact]
    public async Task Watch_polls_once_for_all_subscribers()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var received = Enumerable.Range(0, 10).Select(_ => test.Record()).ToList();
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);

        test.Advance(11);

        Assert.Equal(3, test.Poller.Polls.Count);
        Assert.All(received, one => Assert.Equal(["listed 1", "synced", "polled", "polled", "polled"], one));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Watch_polls_only_while_it_has_subscribers()
    {
        await using var test = new WatchUnderTest();
        test.Advance(60);
        Assert.Empty(test.Poller.Polls);

        test.Record(out IDisposable? subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Advance(60);

        Assert.Single(test.Poller.Polls);
        Assert.Null(test.Watch.Health.NextPollAt);
    }

    [Fact]
    public async Task Subscribe_replays_the_snapshot_and_then_delivers_every_event()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Done("2"));
        test.Record();
        test.Advance(6);

        List<string> late = test.Record();
        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal(["listed 1", "listed 2", "synced", "changed 1 Completed", "polled"], late);
    }

    [Fact]
    public async Task Watch_polls_before_it_replays_the_snapshot_when_it_resumes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Advance(3_600);
        test.Poller.Set(Done("1"), Running("2"));

        List<string> received = test.Record();
        Assert.Empty(received);
        test.Advance(1);

        Assert.Equal(["listed 1", "listed 2", "synced", "polled"], received);
    }

    [Fact]
    public async Task Subscribe_during_a_poll_replays_the_snapshot_and_delivers_its_changes()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record();
        test.Advance(1);
        List<string>? late = null;
        test.Poller.WhilePolling = () => late ??= test.Record();
        test.Poller.Set(Done("1"));

        test.Advance(5);

        Assert.Equal(["listed 1", "synced", "changed 1 Completed", "polled"], late);
    }

    [Fact]
    public async Task Subscribe_resumes_polls_that_are_stopping()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        TaskCompletionSource hold = test.Poller.Hold = new TaskCompletionSource();
        test.Poller.IsDeafToCancellation = true;
        test.Advance(5);
        subscription.Dispose();

        List<string> received = test.Record();
        test.Poller.Hold = null;
        hold.SetResult();
        test.Poller.Set(Done("1"));
        test.Advance(6);

        Assert.Equal(["listed 1", "synced", "polled", "changed 1 Completed", "polled"], received[..5]);
        Assert.Equal(4, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task Subscribe_replays_the_snapshot_once_after_the_watch_resumed()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        subscription.Dispose();

        List<string> first = test.Record();
        List<string> second = test.Record();
        test.Advance(6);

        Assert.Equal(["listed 1", "synced", "polled", "polled"], first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Watch_polls_for_a_day_of_virtual_time_with_the_expected_count()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));
        int polled = 0;
        using IDisposable subscription = test.Watch.Events.OfType<PollCompleted>().Subscribe(_ => polled++);

        test.Scheduler.AdvanceTo(TimeSpan.FromDays(1).Ticks);

        Assert.Equal(17_280, polled);
    }

    [Fact]
    public void Polls_occur_at_exact_virtual_times_with_a_synchronization_context()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new NowhereContext());
        try
        {
            var test = new WatchUnderTest();
            List<string> received = test.Record();

            test.Advance(3_600);

            Assert.Equal(721, received.Count);
            test.Watch.Dispose();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public async Task PollCompleted_contains_the_counts_and_the_duration_of_the_poll()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var completed = new List<PollCompleted>();
        using IDisposable subscription = test.Watch.Events.OfType<PollCompleted>().Subscribe(completed.Add);
        test.Advance(1);

        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal([1, 2], completed.Select(one => one.Poll));
        Assert.Equal([0, 1], completed.Select(one => one.ChangeCount));
        Assert.All(completed, one => Assert.Equal((1, 1), (one.RequestCount, one.JobCount)));
        Assert.Equal(test.Poller.Polls, completed.Select(one => one.ObservedAt - one.Duration));
    }

    [Fact]
    public async Task Health_contains_the_last_success_the_failures_and_the_next_poll()
    {
        await using var test = new WatchUnderTest();
        test.Record();
        Assert.Equal(new JobWatchHealth(), test.Watch.Health);

        test.Advance(1);
        JobWatchHealth good = test.Watch.Health;
        Assert.Equal((1, 0, null), (good.PollCount, good.ConsecutiveFailureCount, good.LastException));
        Assert.Equal(test.Poller.Polls[0], good.LastSuccessAt);
        Assert.Equal(test.Poller.Polls[0].AddSeconds(5), good.NextPollAt);

        var exception = new JobsServerException("down");
        test.Poller.Fail(exception);
        test.Advance(5);
        JobWatchHealth bad = test.Watch.Health;
        Assert.Equal((2, 1, exception), (bad.PollCount, bad.ConsecutiveFailureCount, bad.LastException));
        Assert.Equal(good.LastSuccessAt, bad.LastSuccessAt);
        Assert.Equal(test.Poller.Polls[1].AddSeconds(5), bad.NextPollAt);
    }

    [Fact]
    public async Task ToString_contains_the_type_the_polls_and_the_consecutive_failures()
    {
        await using var all = new WatchUnderTest();
        await using var deletions = new WatchUnderTest(new JobWatchOptions { Type = JobType.BatchDeletion, Jitter = 0 });
        deletions.Poller.Fail(new JobsServerException("down"), new JobsServerException("down"));
        all.Record();
        deletions.Record();
        all.Advance(6);
        deletions.Advance(1);
        deletions.Advance(5);
        await using var fake = JobWatch.FromEvents(new WatchSynced());

        Assert.Equal("All jobs, 2 polls", all.Watch.ToString());
        Assert.Equal("Jobs of type BatchDeletion, 2 polls, 2 failures in a row", deletions.Watch.ToString());
        Assert.Equal("Jobs without a server", fake.ToString());
    }

    [Fact]
    public async Task AwaitsFirstPoll_is_true_from_the_first_subscription_to_the_first_poll()
    {
        await using var test = new WatchUnderTest();
        bool idle = test.Watch.AwaitsFirstPoll;
        test.Record(out IDisposable subscription);
        bool subscribed = test.Watch.AwaitsFirstPoll;
        test.Advance(1);
        bool polled = test.Watch.AwaitsFirstPoll;
        subscription.Dispose();
        await using var fake = JobWatch.FromEvents(new WatchSynced());

        Assert.Equal((false, true, false, false), (idle, subscribed, polled, test.Watch.AwaitsFirstPoll));
        Assert.False(fake.AwaitsFirstPoll);
        Assert.Null(fake.Overdue);
    }

    [Fact]
    public async Task UnfinishedJobs_returns_the_jobs_of_the_last_completed_poll()
    {
        await using var test = new WatchUnderTest();
        Assert.Empty(test.Watch.UnfinishedJobs);
        test.Poller.Set(Running("1"), Done("2"), Running("3"));
        test.Record();

        test.Advance(1);

        Assert.Equal(["1", "3"], test.Watch.UnfinishedJobs.Select(job => job.TaskId));
    }

    /// <summary>A synchronization context as of a user interface, on whose thread the test runs.</summary>
    private sealed class NowhereContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("posted");
    }
}
