using System.Reactive.Linq;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class JobWatchTests
{
    [Fact]
    public async Task W3_the_first_pass_lists_every_job_and_then_says_synced_once()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"), Running("2"));
        var told = test.Record();

        test.Advance(12);

        Assert.Equal(["listed 1", "listed 2", "synced", "polled", "polled", "polled"], told);
    }

    [Fact]
    public async Task W3_synced_comes_even_when_there_are_no_jobs()
    {
        await using var test = new WatchUnderTest();
        var told = test.Record();

        test.Advance(1);

        Assert.Equal(["synced", "polled"], told);
    }

    [Fact]
    public async Task W3_a_job_found_finished_is_no_change()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));
        var changes = 0;
        using var subscription = test.Watch.Changes.Subscribe(_ => changes++);

        test.Advance(60);

        Assert.Equal(0, changes);
    }

    [Fact]
    public async Task W2_events_come_in_order_and_never_two_at_a_time()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Running("2"));
        var told = test.Record();
        test.Advance(1);

        test.Poller.Set(Done("1"), Done("2"), Running("3"));
        test.Advance(5);
        test.Poller.Remove("1");
        test.Advance(5);

        Assert.Equal(
            ["listed 1", "listed 2", "synced", "polled", "changed 1 Completed", "changed 2 Completed", "added 3", "polled", "vanished 1", "polled"],
            told);
    }

    [Fact]
    public async Task W4_one_watch_polls_once_however_many_subscribe_and_wait()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var told = Enumerable.Range(0, 10).Select(_ => test.Record()).ToList();
        var waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);

        test.Advance(11);

        Assert.Equal(3, test.Poller.Polls.Count);
        Assert.All(told, one => Assert.Equal(["listed 1", "synced", "polled", "polled", "polled"], one));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task W4_it_polls_only_while_somebody_subscribes()
    {
        await using var test = new WatchUnderTest();
        test.Advance(60);
        Assert.Empty(test.Poller.Polls);

        test.Record(out var subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Advance(60);

        Assert.Single(test.Poller.Polls);
        Assert.Null(test.Watch.Health.NextPoll);
    }

    [Fact]
    public async Task W4_a_late_subscriber_gets_the_state_and_then_everything_after()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"), Done("2"));
        test.Record();
        test.Advance(6);

        var late = test.Record();
        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal(["listed 1", "listed 2", "synced", "changed 1 Completed", "polled"], late);
    }

    [Fact]
    public async Task W4_when_it_resumes_it_looks_again_before_it_tells()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record(out var subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Advance(3_600);
        test.Poller.Set(Done("1"), Running("2"));

        var told = test.Record();
        Assert.Empty(told);
        test.Advance(1);

        Assert.Equal(["listed 1", "listed 2", "synced", "polled"], told);
    }

    [Fact]
    public async Task W4_a_subscriber_during_a_poll_gets_the_state_before_it_and_what_it_finds()
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
    public async Task W4_who_comes_while_the_polls_are_being_stopped_makes_them_go_on()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record(out var subscription);
        test.Advance(1);
        var hold = test.Poller.Hold = new TaskCompletionSource();
        test.Poller.IsDeafToCancellation = true;
        test.Advance(5);
        subscription.Dispose();

        var told = test.Record();
        test.Poller.Hold = null;
        hold.SetResult();
        test.Poller.Set(Done("1"));
        test.Advance(6);

        Assert.Equal(["listed 1", "synced", "polled", "changed 1 Completed", "polled"], told[..5]);
        Assert.Equal(4, test.Poller.Polls.Count);
    }

    [Fact]
    public async Task A_late_subscriber_after_resuming_is_not_told_the_state_twice()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Record(out var subscription);
        test.Advance(1);
        subscription.Dispose();

        var first = test.Record();
        var second = test.Record();
        test.Advance(6);

        Assert.Equal(["listed 1", "synced", "polled", "polled"], first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task W7_a_day_of_polls_every_five_seconds_takes_well_under_a_second()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));
        var polled = 0;
        using var subscription = test.Watch.Events.OfType<PollCompleted>().Subscribe(_ => polled++);

        test.Scheduler.AdvanceTo(TimeSpan.FromDays(1).Ticks);

        Assert.Equal(17_280, polled);
    }

    [Fact]
    public void Virtual_time_is_exact_whatever_the_synchronization_context()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new NowhereContext());
        try
        {
            var test = new WatchUnderTest();
            var told = test.Record();

            test.Advance(3_600);

            Assert.Equal(721, told.Count);
            test.Watch.Dispose();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public async Task W12_each_poll_ends_in_PollCompleted_with_what_it_took()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var completed = new List<PollCompleted>();
        using var subscription = test.Watch.Events.OfType<PollCompleted>().Subscribe(completed.Add);
        test.Advance(1);

        test.Poller.Set(Done("1"));
        test.Advance(5);

        Assert.Equal([1, 2], completed.Select(one => one.Poll));
        Assert.Equal([0, 1], completed.Select(one => one.Changes));
        Assert.All(completed, one => Assert.Equal((1, 1), (one.Requests, one.Jobs)));
        Assert.Equal(test.Poller.Polls, completed.Select(one => one.ObservedAt - one.Duration));
    }

    [Fact]
    public async Task W12_health_tells_success_failures_and_the_next_poll()
    {
        await using var test = new WatchUnderTest();
        test.Record();
        Assert.Equal(new JobWatchHealth(), test.Watch.Health);

        test.Advance(1);
        var good = test.Watch.Health;
        Assert.Equal((1, 0, null), (good.Polls, good.ConsecutiveFailures, good.LastError));
        Assert.Equal(test.Poller.Polls[0], good.LastSuccess);
        Assert.Equal(test.Poller.Polls[0].AddSeconds(5), good.NextPoll);

        var error = new JobsServerException("down");
        test.Poller.Fail(error);
        test.Advance(5);
        var bad = test.Watch.Health;
        Assert.Equal((2, 1, error), (bad.Polls, bad.ConsecutiveFailures, bad.LastError));
        Assert.Equal(good.LastSuccess, bad.LastSuccess);
        Assert.Equal(test.Poller.Polls[1].AddSeconds(5), bad.NextPoll);
    }

    [Fact]
    public async Task UnfinishedJobs_are_those_of_the_last_completed_poll()
    {
        await using var test = new WatchUnderTest();
        Assert.Empty(test.Watch.UnfinishedJobs);
        test.Poller.Set(Running("1"), Done("2"), Running("3"));
        test.Record();

        test.Advance(1);

        Assert.Equal(["1", "3"], test.Watch.UnfinishedJobs.Select(job => job.TaskId));
    }

    /// <summary>A user interface's context, say, on whose thread the test runs.</summary>
    private sealed class NowhereContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("posted");
    }
}
