using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>Finds everything that is wrong with the options of a watch, so that one run shows it all.</summary>
internal static class JobWatchOptionsValidator
{
    private const double ShortestInterval = 0.1;
    private const double SecondsOfADay = 86_400;

    /// <exception cref="JobsOptionsException">Something is wrong.</exception>
    public static void ThrowIfInvalid(JobWatchOptions options, string parameterName)
    {
        var failures = Validate(options);
        if (failures.Count > 0)
        {
            throw new JobsOptionsException(failures, parameterName);
        }
    }

    public static List<string> Validate(JobWatchOptions options)
    {
        var failures = new List<string>();
        if (options.Type is { } type && type < 0)
        {
            failures.Add($"{nameof(options.Type)} is {(int)type}: it must not be negative.");
        }

        var interval = options.PollInterval.TotalSeconds;
        ValidateDuration(nameof(options.PollInterval), options.PollInterval, ShortestInterval, SecondsOfADay);
        ValidateDuration(nameof(options.MinInterval), options.MinInterval, ShortestInterval, interval);
        ValidateDuration(nameof(options.MaxInterval), options.MaxInterval, interval, SecondsOfADay);
        ValidateDuration(nameof(options.MaxFailureDelay), options.MaxFailureDelay, 0, SecondsOfADay);
        ValidateDuration(nameof(options.FatalErrorGracePeriod), options.FatalErrorGracePeriod, 0, SecondsOfADay);
        ValidateDuration(nameof(options.NotFoundGracePeriod), options.NotFoundGracePeriod, 0, SecondsOfADay);
        ValidateNumber(nameof(options.Jitter), options.Jitter, 0, 1);
        ValidateNumber(nameof(options.MaxRequestsPerPoll), options.MaxRequestsPerPoll, 2, 100_000);
        ValidateNumber(nameof(options.ReconcileEvery), options.ReconcileEvery, 1, 1_000_000);
        ValidateNumber(nameof(options.RetainedFinished), options.RetainedFinished, 0, 1_000_000);
        ValidateNumber(nameof(options.MaxUnfinished), options.MaxUnfinished, 1, 1_000_000);
        ValidateNumber(nameof(options.SubscriberBuffer), options.SubscriberBuffer, 1, 1_000_000);
        return failures;

        void ValidateDuration(string name, TimeSpan? value, double least, double most)
        {
            if (value?.TotalSeconds is { } seconds && (seconds < least || seconds > most))
            {
                failures.Add(Invariant($"{name} is {seconds} s: it must be {least} to {most} s."));
            }
        }

        // Asked this way round so that what is no number is out of range too.
        void ValidateNumber(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
            {
                failures.Add(Invariant($"{name} is {value}: it must be {least} to {most}."));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
