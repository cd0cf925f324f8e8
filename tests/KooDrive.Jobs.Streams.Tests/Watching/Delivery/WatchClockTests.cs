using System.Reactive.Concurrency;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Watching.Delivery;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

/// <summary>A wall clock that is set while a watch polls: by NTP, by an administrator, or after a suspension.</summary>
public class WatchClockTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    public static TheoryData<int> Jumps => [-3_600, 3_600];

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Polls_keep_their_interval_when_the_wall_clock_jumps(int seconds)
    {
        await using var test = new WatchUnderTest();
        test.Record();
        test.Advance(7_202);
        int before = test.Poller.Polls.Count;

        Jump(test, seconds);
        test.Advance(60);

        Assert.Equal(12, test.Poller.Polls.Count - before);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Subscribe_waits_for_the_delay_when_the_wall_clock_jumps(int seconds)
    {
        await using var test = new WatchUnderTest();
        test.Advance(7_200);
        test.Poller.Fail(new JobsThrottledException("slower") { RetryAfter = TimeSpan.FromMinutes(10) });
        test.Record(out IDisposable? subscription);
        test.Advance(1);
        subscription.Dispose();
        Jump(test, seconds);
        test.Record();

        test.Advance(598);
        Assert.Single(test.Poller.Polls);

        test.Advance(2);
        Assert.Equal(2, test.Poller.Polls.Count);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task WaitForFinishAsync_times_out_on_time_when_the_wall_clock_jumps(int seconds)
    {
        await using var test = new WatchUnderTest();
        test.Poller.Set(Running("1"));
        test.Advance(7_200);
        Task<Job> waiting = test.Watch.WaitForFinishAsync("1", TimeSpan.FromMinutes(1), None);
        test.Advance(30);

        Jump(test, seconds);
        test.Advance(29);
        Assert.False(waiting.IsCompleted);
        test.Advance(1);

        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Ages_and_durations_are_correct_when_the_wall_clock_jumps(int seconds)
    {
        await using var test = new WatchUnderTest();
        test.Advance(7_200);
        TimeSpan? duration = null;
        using IDisposable subscription = test.Watch.Events.OfType<PollCompleted>().Subscribe(completed => duration = completed.Duration);
        test.Advance(1);
        TaskCompletionSource hold = test.Poller.Hold = new TaskCompletionSource();
        test.Advance(10);

        Jump(test, seconds);

        Assert.Equal(11, test.Watch.Overdue!.Value.TotalSeconds, 0.001);
        Assert.Equal(11, test.Engine.Telemetry.SuccessAge!.Value.TotalSeconds, 0.001);
        test.Poller.Hold = null;
        hold.SetResult();
        test.Advance(0.1);
        Assert.Equal(6, duration!.Value.TotalSeconds, 0.001);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Timestamps_follow_the_wall_clock(int seconds)
    {
        await using var test = new WatchUnderTest();
        test.Advance(7_200);
        DateTimeOffset? observedAt = null;
        using IDisposable subscription = test.Watch.Events.OfType<PollCompleted>().Subscribe(completed => observedAt = completed.ObservedAt);
        test.Advance(4);

        Jump(test, seconds);

        // The next poll is due one second after the wall clock's new time.
        Assert.Equal(test.Clock.Now + TimeSpan.FromSeconds(1), test.Watch.Health.NextPollAt!.Value, TimeSpan.FromMilliseconds(1));
        test.Advance(1.001);
        Assert.Equal(test.Clock.Now, observedAt!.Value, TimeSpan.FromMilliseconds(2));
        Assert.Equal(observedAt, test.Watch.Health.LastSuccessAt);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Grace_periods_keep_their_length_when_the_wall_clock_jumps(int seconds)
    {
        await using var test = new WatchUnderTest(new JobWatchOptions { Jitter = 0, MaxPollRetryDelay = TimeSpan.FromSeconds(5) });
        test.Advance(7_200);
        List<string> received = test.Record();
        test.Advance(1);
        Task<Job> waiting = test.Watch.WaitForFinishAsync("missing", None);
        test.Advance(1);
        Jump(test, seconds);
        test.Advance(28);
        Assert.False(waiting.IsCompleted);
        test.Advance(2);
        await Assert.ThrowsAsync<JobNotFoundException>(() => waiting);

        test.Poller.Fail([.. Enumerable.Repeat(new JobsRequestException("no such page"), 1_000)]);
        test.Advance(60);
        Jump(test, seconds);
        test.Advance(600);
        Assert.StartsWith("failed", received[^1], StringComparison.Ordinal);
        test.Advance(300);
        Assert.Equal(nameof(JobsRequestException), received[^1]);
    }

    [Fact]
    public async Task End_disposes_the_timer_of_a_wait()
    {
        await using var test = new WatchUnderTest(
            new JobWatchOptions { Jitter = 0, PollInterval = TimeSpan.FromHours(1), NotFoundGracePeriod = TimeSpan.Zero });
        test.Record();
        test.Advance(1);

        for (int i = 0; i < 100; i++)
        {
            test.Engine.RequestLookup(new JobLookup($"{i}"));
            test.Advance(0.1);
        }

        Assert.Equal((101, 1), (test.Poller.Polls.Count, test.Clock.Timers));
    }

    [Fact]
    public void DefaultScheduler_has_a_monotonic_clock() =>
        Assert.NotNull(DefaultScheduler.Instance.AsStopwatchProvider());

    private static void Jump(WatchUnderTest test, int seconds) => test.Clock.Ahead += TimeSpan.FromSeconds(seconds);
}
