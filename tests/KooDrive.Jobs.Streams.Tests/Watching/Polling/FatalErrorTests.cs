using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>The errors that end a watch, and the time at which they do.</summary>
public class FatalErrorTests
{
    public static TheoryData<Exception> NonTransient => WatchFailureTests.Fatal;

    [Theory]
    [MemberData(nameof(NonTransient))]
    public async Task Watch_ends_at_the_first_poll_when_the_error_is_not_transient(Exception exception)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Fail(exception);
        List<string> received = test.Record();

        test.Advance(1_000);

        Assert.Equal([exception.GetType().Name], received);
    }

    [Theory]
    [MemberData(nameof(NonTransient))]
    public async Task Watch_publishes_PollFailed_for_a_brief_non_transient_error_after_a_success(Exception exception)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Fail(exception, exception);
        test.Poller.Set(Done("1"));
        test.Advance(20);

        Assert.Equal(["failed 1 5", "failed 2 10", "changed 1 Completed", "polled"], received[3..]);
    }

    [Fact]
    public async Task Watch_ends_when_a_non_transient_error_persists_for_the_grace_period()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromMinutes(1)));
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Fail(Rejections(13));
        test.Advance(64.9);
        Assert.Equal(12, received.Count(text => text.StartsWith("failed", StringComparison.Ordinal)));
        test.Advance(0.1);

        Assert.Equal(nameof(JobsAuthenticationException), received[^1]);
        Assert.Equal([101, 102], test.Log.ProblemIds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GracePeriod_restarts_after_a_success_or_a_transient_error(bool isTransient)
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromMinutes(1)));
        List<string> received = test.Record();
        test.Advance(1);

        for (int round = 0; round < 10; round++)
        {
            test.Poller.Fail(Rejections(12));
            if (isTransient)
            {
                test.Poller.Fail(new JobsServerException("down"));
            }

            test.Advance(13 * 5);
        }

        Assert.Equal(120, received.Count(text => text.StartsWith("failed", StringComparison.Ordinal)) - (isTransient ? 10 : 0));
        Assert.DoesNotContain(nameof(JobsAuthenticationException), received);
    }

    [Fact]
    public async Task Watch_ends_at_the_first_non_transient_error_when_the_grace_period_is_zero()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.Zero));
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Fail(Rejections(1));
        test.Advance(5);

        Assert.Equal(["synced", "polled", nameof(JobsAuthenticationException)], received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IsFatal_replaces_the_grace_period(bool isFatal)
    {
        await using var test = new WatchUnderTest(
            Options(TimeSpan.FromMinutes(1)), isFatal: exception => isFatal && exception is JobsAuthenticationException);
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Fail(Rejections(1_000));
        test.Advance(isFatal ? 5 : 3_600);

        Assert.Equal(isFatal ? nameof(JobsAuthenticationException) : "failed 720 5", received[^1]);
        Assert.Equal(isFatal ? 3 : 722, received.Count);
    }

    [Fact]
    public async Task Watch_ends_immediately_when_the_client_is_disposed()
    {
        await using var test = new WatchUnderTest();
        List<string> received = test.Record();
        test.Advance(1);

        test.Poller.Fail(new ObjectDisposedException(nameof(JobsClient)));
        test.Advance(5);

        Assert.Equal(["synced", "polled", nameof(ObjectDisposedException)], received);
    }

    [Fact]
    public async Task Subscribe_fails_at_the_first_poll_when_the_fatal_error_persists()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromSeconds(1)));
        test.Record();
        test.Advance(1);
        test.Poller.Fail(Rejections(3));
        test.Advance(10);

        List<string> received = test.Record();
        test.Advance(5);
        Assert.Equal([nameof(JobsAuthenticationException)], received);

        // Once the server accepts the credentials, there is a grace period again.
        test.Poller.Fail(Rejections(1));
        List<string> again = test.Record();
        test.Advance(10);
        Assert.Equal([nameof(JobsAuthenticationException)], again);
        List<string> recovered = test.Record();
        test.Advance(5);
        test.Poller.Fail(Rejections(1));
        test.Advance(5);
        Assert.Equal(["synced", "polled", "failed 1 5"], recovered);
    }

    [Fact]
    public async Task GracePeriod_restarts_after_a_time_without_subscribers()
    {
        await using var test = new WatchUnderTest(Options(TimeSpan.FromMinutes(1)));
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        test.Poller.Fail(Rejections(2));
        test.Advance(5);
        subscription.Dispose();
        test.Advance(3_600);

        List<string> received = test.Record();
        test.Advance(1);

        Assert.Equal(["failed 2 5"], received);
    }

    private static JobWatchOptions Options(TimeSpan grace) =>
        new() { Jitter = 0, MaxPollRetryDelay = TimeSpan.FromSeconds(5), FatalErrorGracePeriod = grace };

    private static Exception[] Rejections(int count) => [.. Enumerable.Repeat(new JobsAuthenticationException("rejected"), count)];
}
