using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Watching.Events;

/// <summary>Validates the options of a watch.</summary>
internal static class JobWatchOptionsValidator
{
    private const int Million = 1_000_000;

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(0.1);

    public static OptionChecks Check(JobWatchOptions options)
    {
        var checks = new OptionChecks();
        if (options.Type is { } type && type < 0)
        {
            checks.Add($"{nameof(options.Type)} is {(int)type}: it must not be negative.");
        }

        const string Interval = nameof(options.PollInterval);
        checks.Duration(Interval, options.PollInterval, MinInterval, OptionChecks.OneDay);
        checks.Duration(nameof(options.MinPollInterval), options.MinPollInterval, MinInterval, options.PollInterval, maxName: Interval);
        checks.Duration(nameof(options.MaxPollInterval), options.MaxPollInterval, options.PollInterval, OptionChecks.OneDay, minName: Interval);
        checks.Number(nameof(options.Jitter), options.Jitter, 0, 1);
        checks.Duration(nameof(options.MaxPollRetryDelay), options.MaxPollRetryDelay, TimeSpan.Zero, OptionChecks.OneDay);
        checks.Number(nameof(options.MaxPageSize), options.MaxPageSize, 4, 100, "jobs");
        checks.Number(nameof(options.MaxRequestsPerPoll), options.MaxRequestsPerPoll, 2, 100_000, "requests");
        checks.Number(nameof(options.PollsPerFullScan), options.PollsPerFullScan, 1, Million, "polls");
        checks.Number(nameof(options.MaxRetainedFinishedJobs), options.MaxRetainedFinishedJobs, 0, Million, "jobs");
        checks.Number(nameof(options.MaxUnfinishedJobs), options.MaxUnfinishedJobs, 1, Million, "jobs");
        checks.Number(nameof(options.SubscriberBufferCapacity), options.SubscriberBufferCapacity, 1, Million, "events");
        checks.Duration(nameof(options.FatalErrorGracePeriod), options.FatalErrorGracePeriod, TimeSpan.Zero, OptionChecks.OneDay);
        checks.Duration(nameof(options.NotFoundGracePeriod), options.NotFoundGracePeriod, TimeSpan.Zero, OptionChecks.OneDay);
        return checks;
    }
}
