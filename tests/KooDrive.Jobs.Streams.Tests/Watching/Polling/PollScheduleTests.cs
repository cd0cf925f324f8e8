using KooDrive.Jobs.Streams.Watching.Polling;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

public class PollScheduleTests
{
    private static readonly JobWatchOptions Adaptive = new()
    {
        PollInterval = TimeSpan.FromSeconds(8),
        MinPollInterval = TimeSpan.FromSeconds(3),
        MaxPollInterval = TimeSpan.FromSeconds(20),
        MaxPollRetryDelay = TimeSpan.FromSeconds(60),
        Jitter = 0,
    };

    [Fact]
    public void W7_the_interval_shrinks_while_jobs_run_down_to_its_lower_bound()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([4, 3, 3], Delays(3, () => schedule.AfterSuccess(unfinished: true, changed: false)));
    }

    [Fact]
    public void W7_the_interval_grows_while_nothing_happens_up_to_its_upper_bound()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([12, 18, 20, 20], Delays(4, () => schedule.AfterSuccess(unfinished: false, changed: false)));
    }

    [Fact]
    public void W7_a_change_brings_the_usual_interval_back()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);
        _ = Delays(3, () => schedule.AfterSuccess(unfinished: false, changed: false));

        Assert.Equal([8], Delays(1, () => schedule.AfterSuccess(unfinished: false, changed: true)));
        Assert.Equal([4], Delays(1, () => schedule.AfterSuccess(unfinished: true, changed: true)));
    }

    [Fact]
    public void W7_without_bounds_the_interval_stays_as_it_is()
    {
        var schedule = new PollSchedule(new JobWatchOptions { Jitter = 0 }, () => 0);

        Assert.Equal([5, 5], Delays(2, () => schedule.AfterSuccess(unfinished: true, changed: true)));
        Assert.Equal([5, 5], Delays(2, () => schedule.AfterSuccess(unfinished: false, changed: false)));
    }

    [Fact]
    public void W7_failures_double_the_delay_up_to_the_limit_and_recovery_ends_that()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([8, 16, 32, 60, 60], Delays(5, () => schedule.AfterFailure(retryAfter: null)));
        Assert.Equal(5, schedule.Failures);
        Assert.Equal([8], Delays(1, () => schedule.AfterSuccess(unfinished: false, changed: true)));
        Assert.Equal([60], Delays(1, () => schedule.AfterFailure(retryAfter: null)));
        schedule.Recover();
        Assert.Equal(0, schedule.Failures);
        Assert.Equal([8], Delays(1, () => schedule.AfterFailure(retryAfter: null)));
    }

    [Fact]
    public void W7_the_delay_is_never_shorter_than_what_the_server_asks_for()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([300], Delays(1, () => schedule.AfterFailure(TimeSpan.FromSeconds(300))));
        Assert.Equal([16], Delays(1, () => schedule.AfterFailure(TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void Countless_failures_and_absurd_requests_overflow_nothing()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.All(Enumerable.Range(0, 5_000), _ => Assert.True(schedule.AfterFailure(null) <= TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromDays(24), schedule.AfterFailure(TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData(0, 5, 100)]
    [InlineData(0.5, 5.5, 110)]
    [InlineData(1, 6, 120)]
    public void W7_jitter_is_only_ever_added(double random, double interval, double afterRetryAfter)
    {
        var schedule = new PollSchedule(new JobWatchOptions { Jitter = 0.2 }, () => random);

        Assert.Equal(interval, schedule.AfterSuccess(unfinished: false, changed: false).TotalSeconds, 6);
        Assert.Equal(afterRetryAfter, schedule.AfterFailure(TimeSpan.FromSeconds(100)).TotalSeconds, 6);
    }

    private static IEnumerable<double> Delays(int count, Func<TimeSpan> next) => [.. Enumerable.Range(0, count).Select(_ => next().TotalSeconds)];
}
