using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>Finds everything that is wrong with the options of a watch, so that it can be told at once.</summary>
internal static class JobWatchOptionsValidator
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static void ThrowIfInvalid(JobWatchOptions options)
    {
        var errors = Errors(options).ToList();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }
    }

    public static IEnumerable<string> Errors(JobWatchOptions options)
    {
        if (options.Type < 0)
        {
            yield return $"{nameof(options.Type)} must not be negative, and is {(int)options.Type}.";
        }

        foreach (var error in new[]
        {
            Range(nameof(options.PollInterval), options.PollInterval, Shortest, Longest),
            Range(nameof(options.MinInterval), options.MinInterval ?? options.PollInterval, Shortest, options.PollInterval),
            Range(nameof(options.MaxInterval), options.MaxInterval ?? options.PollInterval, options.PollInterval, Longest),
            Range(nameof(options.Jitter), options.Jitter, 0, 1),
            Range(nameof(options.MaxFailureDelay), options.MaxFailureDelay, TimeSpan.Zero, Longest),
            Range(nameof(options.MaxRequestsPerPoll), options.MaxRequestsPerPoll, 2, 100_000),
            Range(nameof(options.ReconcileEvery), options.ReconcileEvery, 1, 1_000_000),
            Range(nameof(options.RetainedFinished), options.RetainedFinished, 0, 1_000_000),
            Range(nameof(options.MaxUnfinished), options.MaxUnfinished, 1, 1_000_000),
            Range(nameof(options.SubscriberBuffer), options.SubscriberBuffer, 1, 1_000_000),
        })
        {
            if (error is not null)
            {
                yield return error;
            }
        }
    }

    // Asked this way round so that a NaN is out of range too.
    private static string? Range<T>(string name, T value, T least, T most)
        where T : IComparable<T>, IFormattable =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name} must be {least} to {most}, and is {value}.");
}
