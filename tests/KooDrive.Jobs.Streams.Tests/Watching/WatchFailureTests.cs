using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class WatchFailureTests
{
    public static TheoryData<Exception> Fatal =>
    [
        new JobsAuthenticationException("refused"),
        new JobsRequestException("refused"),
        new JobsResponseException("not JSON"),
        new JobListingException(JobListingFailure.OffsetIgnored, "ignored"),
        new InvalidOperationException("a mistake in the library"),
    ];

    public static TheoryData<Exception> Transient =>
    [
        new JobsServerException("down"),
        new JobsThrottledException("slower"),
        new JobsConnectionException("cut"),
        new JobsResponseException("cut short") { IsTruncated = true },
        new JobListingException(JobListingFailure.AnchorLost, "moved"),
    ];

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task W6_a_failed_poll_is_an_event_and_the_watch_goes_on(Exception error)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Poller.Fail(error, error);
        var told = test.Record();

        test.Advance(16);

        Assert.Equal(["failed 1 5", "failed 2 10", "listed 1", "synced", "polled"], told);
    }

    [Fact]
    public async Task W6_PollFailed_carries_the_error()
    {
        await using var test = new WatchUnderTest();
        var error = new JobsServerException("down");
        test.Poller.Fail(error);
        PollFailed? failed = null;
        using var subscription = test.Watch.Events.OfType<PollFailed>().Subscribe(one => failed = one);

        test.Advance(1);

        Assert.Same(error, failed?.Error);
        Assert.Equal(1, failed!.Poll);
        Assert.Equal(test.Poller.Polls[0], failed.ObservedAt);
    }

    [Fact]
    public async Task W6_what_changed_during_failed_polls_is_told_after_them()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var told = test.Record();
        test.Advance(1);

        test.Poller.Set(Done("1"));
        test.Poller.Fail(new JobsServerException("down"));
        test.Advance(10);

        Assert.Equal(["failed 1 5", "changed 1 Completed", "polled"], told[3..]);
    }

    [Theory]
    [MemberData(nameof(Fatal))]
    public async Task W6_what_waiting_cannot_mend_ends_all_subscriptions(Exception error)
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, FatalErrorGracePeriod = TimeSpan.Zero });
        test.Poller.Set(Running("1"));
        var told = test.Record();
        var other = test.Record();
        var waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);
        test.Advance(1);

        test.Poller.Fail(error);
        test.Advance(60);

        Assert.Equal(["listed 1", "synced", "polled", error.GetType().Name], told);
        Assert.Equal(told, other);
        Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(() => waiting));
        Assert.Equal(2, test.Poller.Polls.Count);
        Assert.Same(error, test.Watch.Health.LastError);
        Assert.Null(test.Watch.Health.NextPoll);
    }

    [Fact]
    public async Task W6_the_policy_is_the_users()
    {
        await using var test = new WatchUnderTest(isFatal: error => error is JobsServerException);
        test.Poller.Fail(new JobsAuthenticationException("refused"), new JobsServerException("down"));
        var told = test.Record();

        test.Advance(60);

        Assert.Equal(["failed 1 5", "JobsServerException"], told);
    }

    [Fact]
    public async Task Whoever_subscribes_after_the_end_makes_the_watch_try_again_but_not_at_once()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Poller.Fail(new JobsAuthenticationException("refused"), new JobsAuthenticationException("refused"));
        var told = new List<string>();
        using var subscription = test.Watch.Events.Retry().Subscribe(next => told.Add(WatchUnderTest.Tell(next)));

        test.Advance(16);

        Assert.Equal(["listed 1", "synced", "polled"], told);
        Assert.Equal([0, 5, 15], test.Poller.Polls.Select(at => (int)TimeSpan.FromTicks(at.Ticks).TotalSeconds));
    }

    [Fact]
    public async Task W6_an_observer_that_throws_is_dropped_alone_and_reported()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var reported = new List<Exception>();
        test.Watch.ObserverDropped += (sender, e) =>
        {
            Assert.Same(test.Watch, sender);
            reported.Add(e.Exception);
        };
        var error = new InvalidOperationException("thrown by an observer");
        var seen = 0;
        var before = test.Record();
        using var throws = test.Watch.Events.Subscribe(_ =>
        {
            seen++;
            throw error;
        });
        var after = test.Record();

        test.Advance(6);

        Assert.Equal(1, seen);
        Assert.Equal([error], reported);
        Assert.Equal(1, test.Watch.Health.DroppedObservers);
        Assert.Equal(["listed 1", "synced", "polled", "polled"], before);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_dropped_observer_that_was_the_only_one_stops_the_polls()
    {
        await using var test = new WatchUnderTest();
        using var throws = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by an observer"));

        test.Advance(60);

        Assert.Single(test.Poller.Polls);
    }

    [Fact]
    public async Task A_report_that_throws_hurts_nobody()
    {
        await using var test = new WatchUnderTest();
        test.Watch.ObserverDropped += (_, _) => throw new InvalidOperationException("thrown by the report");
        using var throws = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by an observer"));
        var told = test.Record();

        test.Advance(1);

        Assert.Equal(["synced", "polled"], told);
    }

    [Fact]
    public async Task An_observer_that_has_no_OnError_is_reported_when_the_watch_fails()
    {
        await using var test = new WatchUnderTest();
        Exception? reported = null;
        test.Watch.ObserverDropped += (_, e) => reported = e.Exception;
        using var subscription = test.Watch.Events.Subscribe(_ => { });
        var error = new JobsAuthenticationException("refused");
        test.Poller.Fail(error);

        test.Advance(1);

        Assert.Same(error, reported);
    }

    [Fact]
    public async Task W7_no_poll_comes_before_the_server_wants_it_even_for_new_subscribers()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsThrottledException("slower") { RetryAfter = TimeSpan.FromMinutes(10) });
        test.Record(out var subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Record();
        var waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);

        test.Advance(598);
        Assert.Single(test.Poller.Polls);

        test.Advance(2);
        Assert.NotEqual(1, test.Poller.Polls.Count);
        Assert.False(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task W6_a_policy_that_throws_ends_the_watch_with_the_error_that_it_was_asked_about()
    {
        await using var test = new WatchUnderTest(isFatal: _ => throw new InvalidCastException("a mistake"));
        var cause = new JobsConnectionException("the cause");
        test.Poller.Fail(cause);
        var told = test.Record();
        test.Advance(1);

        Assert.Equal([nameof(JobsConnectionException)], told);
        Assert.Same(cause, test.Watch.Health.LastError);
        Assert.Equal([106, 102], test.Log.EventIds);
    }

    [Fact]
    public async Task W7_a_policy_that_throws_does_not_take_the_delay_away()
    {
        await using var test = new WatchUnderTest(isFatal: _ => throw new InvalidCastException("a mistake"));
        test.Poller.Fail(new JobsThrottledException("slow down") { RetryAfter = TimeSpan.FromMinutes(10) });
        for (int i = 0; i < 20; i++)
        {
            test.Record();
            test.Advance(0.01);
        }

        Assert.Single(test.Poller.Polls);
    }

    [Fact]
    public async Task W7_the_interval_runs_from_the_end_of_a_poll_and_polls_never_overlap()
    {
        await using var test = new WatchUnderTest();
        test.Record();
        test.Poller.WhilePolling = () => test.Scheduler.Sleep(TimeSpan.FromSeconds(3).Ticks);

        test.Advance(30);

        Assert.Equal([0, 8, 16, 24], test.Poller.Polls.Select(at => (int)TimeSpan.FromTicks(at.Ticks).TotalSeconds));
    }

    [Fact]
    public async Task After_an_end_there_is_no_next_poll()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsAuthenticationException("refused"));
        test.Record();

        test.Advance(1);

        Assert.Null(test.Watch.Health.NextPoll);
        Assert.Equal(1, test.Watch.Health.ConsecutiveFailures);
    }

    [Fact]
    public async Task W6_a_success_ends_the_failures_in_a_row()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsServerException("down"));
        var told = test.Record();
        test.Advance(6);
        test.Poller.Fail(new JobsServerException("down"));

        test.Advance(5);

        Assert.Equal(["failed 1 5", "synced", "polled", "failed 1 5"], told);
    }

    [Fact]
    public async Task W7_the_interval_follows_what_the_polls_find()
    {
        await using var test = new WatchUnderTest(new JobWatchOptions
        {
            Jitter = 0,
            PollInterval = TimeSpan.FromSeconds(8),
            MinPollInterval = TimeSpan.FromSeconds(2),
            MaxPollInterval = TimeSpan.FromSeconds(18),
        });
        test.Poller.Set(Running("1"), Done("2"));
        test.Record();
        List<double> delays = [];
        while (test.Poller.Polls.Count < 8)
        {
            int polls = test.Poller.Polls.Count;
            if (polls == 3)
            {
                test.Poller.Set(Done("1"));
            }

            double waited = 0;
            for (; test.Poller.Polls.Count == polls; waited++)
            {
                test.Advance(1);
            }

            delays.Add(waited);
        }

        // Close while a job runs; as usual after the poll that finds its end; then further and further apart.
        Assert.Equal([4, 2, 2, 8, 12, 18, 18], delays.Skip(1));
    }

    [Fact]
    public async Task W7_who_asks_for_a_job_after_a_failure_waits_for_the_next_poll_like_all_others()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Done("1"));
        test.Poller.Fail(new JobsServerException("down"));
        test.Record();
        test.Advance(1);
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);

        test.Advance(1);
        Assert.Single(test.Poller.Polls);

        test.Advance(5);
        Assert.Equal(Done("1"), await waiting);
    }

    [Fact]
    public async Task A_scheduler_that_gives_up_ends_the_subscriptions_with_its_error()
    {
        var scheduler = new SchedulerThatGivesUp();
        await using var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions(), new JobWatchServices { Scheduler = scheduler }, _ => new ScriptedPoller(scheduler), AsyncEnumerable.Empty<Job>, () => 0, NullLogger.Instance));
        Exception? told = null;

        using var subscription = watch.Events.Subscribe(_ => { }, error => told = error);

        Assert.Equal("given up", Assert.IsType<InvalidOperationException>(told).Message);
    }

    private sealed class SchedulerThatGivesUp : IScheduler
    {
        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => throw GivenUp();

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => throw GivenUp();

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => throw GivenUp();

        private static InvalidOperationException GivenUp() => new("given up");
    }
}
