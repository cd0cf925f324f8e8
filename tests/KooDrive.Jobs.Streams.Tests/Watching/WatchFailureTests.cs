using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class WatchFailureTests
{
    public static TheoryData<Exception> Fatal =>
    [
        new JobsAuthenticationException("rejected"),
        new JobsRequestException("rejected"),
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
        new JobListingException(JobListingFailure.PositionLost, "moved"),
    ];

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task Watch_publishes_PollFailed_and_polls_again(Exception exception)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Poller.Fail(exception, exception);
        List<string> received = test.Record();

        test.Advance(16);

        Assert.Equal(["failed 1 5", "failed 2 10", "listed 1", "synced", "polled"], received);
    }

    [Fact]
    public async Task PollFailed_contains_the_exception()
    {
        await using var test = new WatchUnderTest();
        var exception = new JobsServerException("down");
        test.Poller.Fail(exception);
        PollFailed? failed = null;
        using IDisposable subscription = test.Watch.Events.OfType<PollFailed>().Subscribe(one => failed = one);

        test.Advance(1);

        Assert.Same(exception, failed?.Exception);
        Assert.Equal(1, failed!.Poll);
        Assert.Equal(test.Poller.Polls[0], failed.ObservedAt);
    }

    [Fact]
    public async Task Watch_publishes_changes_that_occurred_during_failed_polls()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Set(Done("1"));
        test.Poller.Fail(new JobsServerException("down"));
        test.Advance(10);

        Assert.Equal(["failed 1 5", "changed 1 Completed", "polled"], received[3..]);
    }

    [Theory]
    [MemberData(nameof(Fatal))]
    public async Task Watch_ends_all_subscriptions_when_the_error_is_not_transient(Exception exception)
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, FatalErrorGracePeriod = TimeSpan.Zero });
        test.Poller.Set(Running("1"));
        List<string> received = test.Record();
        List<string> other = test.Record();
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);
        test.Advance(1);

        test.Poller.Fail(exception);
        test.Advance(60);

        Assert.Equal(["listed 1", "synced", "polled", exception.GetType().Name], received);
        Assert.Equal(received, other);
        Assert.Same(exception, await Assert.ThrowsAnyAsync<Exception>(() => waiting));
        Assert.Equal(2, test.Poller.Polls.Count);
        Assert.Same(exception, test.Watch.Health.LastException);
        Assert.Null(test.Watch.Health.NextPollAt);
    }

    [Fact]
    public async Task Watch_uses_IsFatal_of_its_services()
    {
        await using var test = new WatchUnderTest(isFatal: exception => exception is JobsServerException);
        test.Poller.Fail(new JobsAuthenticationException("rejected"), new JobsServerException("down"));
        List<string> received = test.Record();

        test.Advance(60);

        Assert.Equal(["failed 1 5", "JobsServerException"], received);
    }

    [Fact]
    public async Task Subscribe_after_a_fatal_error_polls_again_after_the_delay()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Poller.Fail(new JobsAuthenticationException("rejected"), new JobsAuthenticationException("rejected"));
        var received = new List<string>();
        using IDisposable subscription = test.Watch.Events.Retry().Subscribe(next => received.Add(WatchUnderTest.Describe(next)));

        test.Advance(16);

        Assert.Equal(["listed 1", "synced", "polled"], received);
        Assert.Equal([0, 5, 15], test.Poller.Polls.Select(at => (int)TimeSpan.FromTicks(at.Ticks).TotalSeconds));
    }

    [Fact]
    public async Task Watch_drops_and_reports_an_observer_that_throws()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var reported = new List<Exception>();
        test.Watch.ObserverDropped += (sender, e) =>
        {
            Assert.Same(test.Watch, sender);
            reported.Add(e.Exception);
        };
        var exception = new InvalidOperationException("thrown by an observer");
        int seen = 0;
        List<string> before = test.Record();
        using IDisposable throws = test.Watch.Events.Subscribe(_ =>
        {
            seen++;
            throw exception;
        });
        List<string> after = test.Record();

        test.Advance(6);

        Assert.Equal(1, seen);
        Assert.Equal([exception], reported);
        Assert.Equal(1, test.Watch.Health.DroppedObserverCount);
        Assert.Equal(["listed 1", "synced", "polled", "polled"], before);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Watch_stops_the_polls_when_its_only_observer_is_dropped()
    {
        await using var test = new WatchUnderTest();
        using IDisposable throws = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by an observer"));

        test.Advance(60);

        Assert.Single(test.Poller.Polls);
    }

    [Fact]
    public async Task ObserverDropped_handlers_that_throw_do_not_affect_the_watch()
    {
        await using var test = new WatchUnderTest();
        test.Watch.ObserverDropped += (_, _) => throw new InvalidOperationException("thrown by the report");
        using IDisposable throws = test.Watch.Events.Subscribe(_ => throw new InvalidOperationException("thrown by an observer"));
        List<string> received = test.Record();

        test.Advance(1);

        Assert.Equal(["synced", "polled"], received);
    }

    [Fact]
    public async Task ObserverDropped_is_raised_for_an_observer_without_OnError()
    {
        await using var test = new WatchUnderTest();
        Exception? reported = null;
        test.Watch.ObserverDropped += (_, e) => reported = e.Exception;
        using IDisposable subscription = test.Watch.Events.Subscribe(_ => { });
        var exception = new JobsAuthenticationException("rejected");
        test.Poller.Fail(exception);

        test.Advance(1);

        Assert.Same(exception, reported);
    }

    [Fact]
    public async Task Subscribe_waits_for_RetryAfter_of_the_last_failure()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsThrottledException("slower") { RetryAfter = TimeSpan.FromMinutes(10) });
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        subscription.Dispose();
        test.Record();
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TestContext.Current.CancellationToken);

        test.Advance(598);
        Assert.Single(test.Poller.Polls);

        test.Advance(2);
        Assert.NotEqual(1, test.Poller.Polls.Count);
        Assert.False(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Watch_ends_with_the_error_of_the_poll_when_IsFatal_throws()
    {
        await using var test = new WatchUnderTest(isFatal: _ => throw new InvalidCastException("a mistake"));
        var cause = new JobsConnectionException("the cause");
        test.Poller.Fail(cause);
        List<string> received = test.Record();
        test.Advance(1);

        Assert.Equal([nameof(JobsConnectionException)], received);
        Assert.Same(cause, test.Watch.Health.LastException);
        Assert.Equal([106, 102], test.Log.ProblemIds);
    }

    [Fact]
    public async Task Subscribe_waits_for_the_delay_when_IsFatal_threw()
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
    public async Task PollInterval_starts_at_the_end_of_a_poll()
    {
        await using var test = new WatchUnderTest();
        test.Record();
        test.Poller.WhilePolling = () => test.Scheduler.Sleep(TimeSpan.FromSeconds(3).Ticks);

        test.Advance(30);

        Assert.Equal([0, 8, 16, 24], test.Poller.Polls.Select(at => (int)TimeSpan.FromTicks(at.Ticks).TotalSeconds));
    }

    [Fact]
    public async Task NextPollAt_is_null_after_a_fatal_error()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsAuthenticationException("rejected"));
        test.Record();

        test.Advance(1);

        Assert.Null(test.Watch.Health.NextPollAt);
        Assert.Equal(1, test.Watch.Health.ConsecutiveFailureCount);
    }

    [Fact]
    public async Task Attempt_restarts_after_a_success()
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(new JobsServerException("down"));
        List<string> received = test.Record();
        test.Advance(6);
        test.Poller.Fail(new JobsServerException("down"));

        test.Advance(5);

        Assert.Equal(["failed 1 5", "synced", "polled", "failed 1 5"], received);
    }

    [Fact]
    public async Task Interval_shrinks_and_grows_with_the_results_of_the_polls()
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

        // Short while a job is unfinished, as configured after the poll that observes its end, and then growing.
        Assert.Equal([4, 2, 2, 8, 12, 18, 18], delays.Skip(1));
    }

    [Fact]
    public async Task ObserveJob_waits_for_the_next_poll_after_a_failure()
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
    public async Task Watch_ends_the_subscriptions_when_the_scheduler_throws()
    {
        var scheduler = new SchedulerThatGivesUp();
        await using var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions(), new JobWatchServices { Scheduler = scheduler }, _ => new FakePoller(scheduler), AsyncEnumerable.Empty<Job>, () => 0, NullLogger.Instance));
        Exception? received = null;

        using IDisposable subscription = watch.Events.Subscribe(_ => { }, exception => received = exception);

        Assert.Equal("given up", Assert.IsType<InvalidOperationException>(received).Message);
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
