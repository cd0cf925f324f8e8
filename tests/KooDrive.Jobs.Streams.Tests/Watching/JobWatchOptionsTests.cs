namespace KooDrive.Jobs.Streams.Tests.Watching;

public class JobWatchOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(JobWatchOptionsValidator.Validate(new JobWatchOptions()));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var options = new JobWatchOptions
        {
            Type = (JobType)(-1),
            PollInterval = TimeSpan.FromSeconds(0.01),
            MinInterval = TimeSpan.FromSeconds(1),
            MaxInterval = TimeSpan.FromDays(2),
            Jitter = double.NaN,
            MaxFailureDelay = TimeSpan.FromSeconds(-1),
            MaxRequestsPerPoll = 1,
            ReconcileEvery = 0,
            RetainedFinished = -1,
            MaxUnfinished = 0,
            SubscriberBuffer = 0,
            FatalErrorGracePeriod = TimeSpan.FromSeconds(-1),
            NotFoundGracePeriod = TimeSpan.FromDays(2),
        };

        var error = Assert.Throws<JobsOptionsException>(options.Validated);

        Assert.Equal(
            ["Type", "PollInterval", "MinInterval", "MaxInterval", "MaxFailureDelay", "FatalErrorGracePeriod", "NotFoundGracePeriod", "Jitter",
                "MaxRequestsPerPoll", "ReconcileEvery", "RetainedFinished", "MaxUnfinished", "SubscriberBuffer"],
            error.Failures.Select(failure => failure.Split(' ')[0]));
        Assert.Contains("PollInterval is 0.01 s: it must be 0.1 to 86400 s.", error.Failures);
        Assert.Equal("options", error.ParamName);
    }

    [Fact]
    public void The_bounds_are_allowed()
    {
        TimeSpan day = TimeSpan.FromDays(1);
        Assert.Empty(JobWatchOptionsValidator.Validate(new JobWatchOptions
        {
            PollInterval = day,
            MinInterval = day,
            MaxInterval = day,
            Jitter = 1,
            MaxFailureDelay = day,
            MaxRequestsPerPoll = 100_000,
            ReconcileEvery = 1_000_000,
            RetainedFinished = 1_000_000,
            MaxUnfinished = 1_000_000,
            SubscriberBuffer = 1_000_000,
            FatalErrorGracePeriod = day,
            NotFoundGracePeriod = day,
        }));
        Assert.Empty(JobWatchOptionsValidator.Validate(new JobWatchOptions
        {
            PollInterval = TimeSpan.FromSeconds(0.1),
            MinInterval = TimeSpan.FromSeconds(0.1),
            MaxInterval = TimeSpan.FromSeconds(0.1),
            Jitter = 0,
            MaxFailureDelay = TimeSpan.Zero,
            MaxRequestsPerPoll = 2,
            ReconcileEvery = 1,
            RetainedFinished = 0,
            MaxUnfinished = 1,
            SubscriberBuffer = 1,
            FatalErrorGracePeriod = TimeSpan.Zero,
            NotFoundGracePeriod = TimeSpan.Zero,
        }));
    }

    [Fact]
    public void Options_changed_later_have_no_effect()
    {
        var options = new JobWatchOptions();
        var validated = options.Validated();

        options.PollInterval = TimeSpan.FromHours(1);

        Assert.Equal(TimeSpan.FromSeconds(5), validated.PollInterval);
    }
}
