using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Which errors end a watch, and when.</summary>
public class FatalErrorTests
{
    public static TheoryData<Exception> NonTransient => WatchFailureTests.Fatal;

    [Theory]
    [MemberData(nameof(NonTransient))]
    public async Task W6_a_non_transient_error_ends_the_watch_at_its_first_poll(Exception error)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(error);
        var told = test.Record();

        test.Advance(1_000);

        Assert.Equal([error.GetType().Name], told);
    }

    [Theory]
    [MemberData(nameof(NonTransient))]
    public async Task W6_a_non_transient_error_that_passes_is_an_event_after_the_first_success(Exception error)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        var told = test.Record();
        test.Advance(1);

        test.Poller.Fail(error, error);
        test.Poller.Set(Done("1"));
        test.Advance(20);

        Assert.Equal(["failed 1 5", "failed 2 10", "changed 1 Completed", "polled"], told[3..]);
    }

    [Fact]
    public async Task W6_a_non_transient_error_ends_the_watch_when_it_persists_for_the_grace_period()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromMinutes(1)));
        var told = test.Record();
        test.Advance(1);

        test.Poller.Fail(Refused(13));
        test.Advance(64.9);
        Assert.Equal(12, told.Count(text => text.StartsWith("failed", StringComparison.Ordinal)));
        test.Advance(0.1);

        Assert.Equal(nameof(JobsAuthenticationException), told[^1]);
        Assert.Equal([101, 102], test.Log.EventIds.Distinct());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task W6_a_success_or_a_transient_error_starts_the_grace_period_again(bool isTransient)
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromMinutes(1)));
        var told = test.Record();
        test.Advance(1);

        for (int round = 0; round < 10; round++)
        {
            test.Poller.Fail(Refused(12));
            if (isTransient)
            {
                test.Poller.Fail(new JobsServerException("down"));
            }

            test.Advance(13 * 5);
        }

        Assert.Equal(120, told.Count(text => text.StartsWith("failed", StringComparison.Ordinal)) - (isTransient ? 10 : 0));
        Assert.DoesNotContain(nameof(JobsAuthenticationException), told);
    }

    [Fact]
    public async Task W6_no_grace_period_ends_the_watch_at_the_first_non_transient_error()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.Zero));
        var told = test.Record();
        test.Advance(1);

        test.Poller.Fail(Refused(1));
        test.Advance(5);

        Assert.Equal(["synced", "polled", nameof(JobsAuthenticationException)], told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task W6_IsFatal_decides_alone_and_immediately(bool isFatal)
    {
        await using var test = new WatchUnderTest(
            Options(TimeSpan.FromMinutes(1)), isFatal: error => isFatal && error is JobsAuthenticationException);
        var told = test.Record();
        test.Advance(1);

        test.Poller.Fail(Refused(1_000));
        test.Advance(isFatal ? 5 : 3_600);

        Assert.Equal(isFatal ? nameof(JobsAuthenticationException) : "failed 720 5", told[^1]);
        Assert.Equal(isFatal ? 3 : 722, told.Count);
    }

    [Fact]
    public async Task W6_a_disposed_client_ends_the_watch_immediately()
    {
        await using var test = new WatchUnderTest();
        var told = test.Record();
        test.Advance(1);

        test.Poller.Fail(new ObjectDisposedException(nameof(JobsClient)));
        test.Advance(5);

        Assert.Equal(["synced", "polled", nameof(ObjectDisposedException)], told);
    }

    [Fact]
    public async Task W6_a_new_subscriber_learns_at_its_first_poll_that_the_error_persists()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromSeconds(1)));
        test.Record();
        test.Advance(1);
        test.Poller.Fail(Refused(3));
        test.Advance(10);

        var told = test.Record();
        test.Advance(5);
        Assert.Equal([nameof(JobsAuthenticationException)], told);

        // Once the server accepts the credentials, there is a grace period again.
        test.Poller.Fail(Refused(1));
        var again = test.Record();
        test.Advance(10);
        Assert.Equal([nameof(JobsAuthenticationException)], again);
        var recovered = test.Record();
        test.Advance(5);
        test.Poller.Fail(Refused(1));
        test.Advance(5);
        Assert.Equal(["synced", "polled", "failed 1 5"], recovered);
    }

    [Fact]
    public async Task W6_failures_before_and_after_a_time_without_subscribers_are_not_consecutive()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromMinutes(1)));
        test.Record(out var subscription);
        test.Advance(1);
        test.Poller.Fail(Refused(2));
        test.Advance(5);
        subscription.Dispose();
        test.Advance(3_600);

        var told = test.Record();
        test.Advance(1);

        Assert.Equal(["failed 2 5"], told);
    }

    private static JobWatchOptions Options(TimeSpan grace) =>
        new() { Jitter = 0, MaxPollRetryDelay = TimeSpan.FromSeconds(5), FatalErrorGracePeriod = grace };

    private static Exception[] Refused(int count) => [.. Enumerable.Repeat(new JobsAuthenticationException("refused"), count)];
}
