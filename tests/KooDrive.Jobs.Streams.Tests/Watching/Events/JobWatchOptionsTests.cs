using KooDrive.Jobs.Streams.Watching.Events;

namespace KooDrive.Jobs.Streams.Tests.Watching.Events;

public class JobWatchOptionsTests
{
    [Fact]
    public void Check_accepts_the_defaults() => Assert.Empty(JobWatchOptionsValidator.Check(new JobWatchOptions()).Failures);

    [Fact]
    public void Check_reports_every_error_together()
    {
        var options = new JobWatchOptions
        {
            Type = (JobType)(-1),
            PollInterval = TimeSpan.FromSeconds(0.01),
            MinPollInterval = TimeSpan.FromSeconds(1),
            MaxPollInterval = TimeSpan.FromDays(2),
            Jitter = double.NaN,
            MaxPollRetryDelay = TimeSpan.FromSeconds(-1),
            MaxPageSize = 3,
            MaxRequestsPerPoll = 1,
            PollsPerFullScan = 0,
            MaxRetainedFinishedJobs = -1,
            MaxUnfinishedJobs = 0,
            SubscriberBufferCapacity = 0,
            FatalErrorGracePeriod = TimeSpan.FromSeconds(-1),
            NotFoundGracePeriod = TimeSpan.FromDays(2),
        };

        JobsOptionsException exception = Assert.Throws<JobsOptionsException>(() => options.Validated("options"));

        Assert.Equal(
            ["Type", "PollInterval", "MinPollInterval", "MaxPollInterval", "Jitter", "MaxPollRetryDelay", "MaxPageSize", "MaxRequestsPerPoll", "PollsPerFullScan",
                "MaxRetainedFinishedJobs", "MaxUnfinishedJobs", "SubscriberBufferCapacity", "FatalErrorGracePeriod", "NotFoundGracePeriod"],
            exception.Failures.Select(failure => failure.Split(' ')[0]));
        Assert.Contains("PollInterval is 0.01 s: it must be 0.1 s to 86,400 s.", exception.Failures);
        Assert.Contains("MinPollInterval is 1 s: it must be 0.1 s to 0.01 s (PollInterval).", exception.Failures);
        Assert.Contains("Jitter is NaN: it must be 0 to 1.", exception.Failures);
        Assert.Contains("MaxPageSize is 3: it must be 4 to 100 jobs.", exception.Failures);
        Assert.Contains("MaxRequestsPerPoll is 1: it must be 2 to 100,000 requests.", exception.Failures);
        Assert.Contains("PollsPerFullScan is 0: it must be 1 to 1,000,000 polls.", exception.Failures);
        Assert.Contains("MaxRetainedFinishedJobs is -1: it must be 0 to 1,000,000 jobs.", exception.Failures);
        Assert.Contains("MaxUnfinishedJobs is 0: it must be 1 to 1,000,000 jobs.", exception.Failures);
        Assert.Contains("SubscriberBufferCapacity is 0: it must be 1 to 1,000,000 events.", exception.Failures);
        Assert.Equal("options", exception.ParamName);
    }

    [Fact]
    public void Check_accepts_the_bounds()
    {
        var day = TimeSpan.FromDays(1);
        Assert.Empty(JobWatchOptionsValidator.Check(new JobWatchOptions
        {
            PollInterval = day,
            MinPollInterval = day,
            MaxPollInterval = day,
            Jitter = 1,
            MaxPollRetryDelay = day,
            MaxPageSize = 100,
            MaxRequestsPerPoll = 100_000,
            PollsPerFullScan = 1_000_000,
            MaxRetainedFinishedJobs = 1_000_000,
            MaxUnfinishedJobs = 1_000_000,
            SubscriberBufferCapacity = 1_000_000,
            FatalErrorGracePeriod = day,
            NotFoundGracePeriod = day,
        }).Failures);
        Assert.Empty(JobWatchOptionsValidator.Check(new JobWatchOptions
        {
            PollInterval = TimeSpan.FromSeconds(0.1),
            MinPollInterval = TimeSpan.FromSeconds(0.1),
            MaxPollInterval = TimeSpan.FromSeconds(0.1),
            Jitter = 0,
            MaxPollRetryDelay = TimeSpan.Zero,
            MaxPageSize = 4,
            MaxRequestsPerPoll = 2,
            PollsPerFullScan = 1,
            MaxRetainedFinishedJobs = 0,
            MaxUnfinishedJobs = 1,
            SubscriberBufferCapacity = 1,
            FatalErrorGracePeriod = TimeSpan.Zero,
            NotFoundGracePeriod = TimeSpan.Zero,
        }).Failures);
    }

    [Fact]
    public void Validated_returns_a_copy_that_later_changes_do_not_affect()
    {
        var options = new JobWatchOptions();
        JobWatchOptions validated = options.Validated("options");

        options.PollInterval = TimeSpan.FromHours(1);

        Assert.Equal(TimeSpan.FromSeconds(5), validated.PollInterval);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void WithStaggerByDefault_sets_the_option_only_when_it_is_not_set(bool? staggerFirstPoll, bool expected)
    {
        var options = new JobWatchOptions { StaggerFirstPoll = staggerFirstPoll };

        Assert.Equal(expected, options.WithStaggerByDefault().StaggerFirstPoll);
        Assert.Equal(staggerFirstPoll, options.StaggerFirstPoll);
    }
}
