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

    [Theory]
    [InlineData(null, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public void BeforeFirst_returns_a_random_part_of_the_interval_when_staggered(bool? stagger, double seconds)
    {
        var schedule = new PollSchedule(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(8), StaggerFirstPoll = stagger }, () => 0.25);

        Assert.Equal(TimeSpan.FromSeconds(seconds), schedule.BeforeFirst());
    }

    [Fact]
    public void AfterSuccess_shrinks_the_interval_to_its_minimum_while_jobs_are_unfinished()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([4, 3, 3], Delays(3, () => schedule.AfterSuccess(unfinished: true, changed: false)));
    }

    [Fact]
    public void AfterSuccess_grows_the_interval_to_its_maximum_while_nothing_changes()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([12, 18, 20, 20], Delays(4, () => schedule.AfterSuccess(unfinished: false, changed: false)));
    }

    [Fact]
    public void AfterSuccess_returns_PollInterval_after_a_change()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);
        _ = Delays(3, () => schedule.AfterSuccess(unfinished: false, changed: false));

        Assert.Equal([8], Delays(1, () => schedule.AfterSuccess(unfinished: false, changed: true)));
        Assert.Equal([4], Delays(1, () => schedule.AfterSuccess(unfinished: true, changed: true)));
    }

    [Fact]
    public void AfterSuccess_keeps_the_interval_when_no_bounds_are_set()
    {
        var schedule = new PollSchedule(new JobWatchOptions { Jitter = 0 }, () => 0);

        Assert.Equal([5, 5], Delays(2, () => schedule.AfterSuccess(unfinished: true, changed: true)));
        Assert.Equal([5, 5], Delays(2, () => schedule.AfterSuccess(unfinished: false, changed: false)));
    }

    [Fact]
    public void AfterFailure_doubles_the_delay_up_to_the_limit_until_a_recovery()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([8, 16, 32, 60, 60], Delays(5, () => schedule.AfterFailure(retryAfter: null)));
        Assert.Equal(5, schedule.ConsecutiveFailureCount);
        Assert.Equal([8], Delays(1, () => schedule.AfterSuccess(unfinished: false, changed: true)));
        Assert.Equal([60], Delays(1, () => schedule.AfterFailure(retryAfter: null)));
        schedule.Recover();
        Assert.Equal(0, schedule.ConsecutiveFailureCount);
        Assert.Equal([8], Delays(1, () => schedule.AfterFailure(retryAfter: null)));
    }

    [Fact]
    public void AfterFailure_returns_no_less_than_RetryAfter()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.Equal([300], Delays(1, () => schedule.AfterFailure(TimeSpan.FromSeconds(300))));
        Assert.Equal([16], Delays(1, () => schedule.AfterFailure(TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void AfterFailure_does_not_overflow()
    {
        var schedule = new PollSchedule(Adaptive, () => 0);

        Assert.All(Enumerable.Range(0, 5_000), _ => Assert.True(schedule.AfterFailure(null) <= TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromDays(24), schedule.AfterFailure(TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData(0, 5, 100)]
    [InlineData(0.5, 5.5, 110)]
    [InlineData(1, 6, 120)]
    public void Jitter_never_shortens_a_delay(double random, double interval, double afterRetryAfter)
    {
        var schedule = new PollSchedule(new JobWatchOptions { Jitter = 0.2 }, () => random);

        Assert.Equal(interval, schedule.AfterSuccess(unfinished: false, changed: false).TotalSeconds, 6);
        Assert.Equal(afterRetryAfter, schedule.AfterFailure(TimeSpan.FromSeconds(100)).TotalSeconds, 6);
    }

    private static IEnumerable<double> Delays(int count, Func<TimeSpan> next) => [.. Enumerable.Range(0, count).Select(_ => next().TotalSeconds)];
}
