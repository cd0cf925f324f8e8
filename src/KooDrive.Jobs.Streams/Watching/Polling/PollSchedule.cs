namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>How long to wait after each poll. Plain arithmetic: no clock, no timer.</summary>
internal sealed class PollSchedule(JobWatchOptions options, Func<double> random)
{
    private const double Shrink = 0.5;
    private const double Growth = 1.5;

    // A timer cannot wait for more than 49 days, and jitter may double this.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(24);

    private readonly TimeSpan _shortest = options.MinPollInterval ?? options.PollInterval;
    private readonly TimeSpan _longest = options.MaxPollInterval ?? options.PollInterval;
    private TimeSpan _interval = options.PollInterval;

    /// <summary>How often in a row a poll, or the look for jobs that comes after it, has failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Jobs that run draw the polls closer, a list at rest lets them drift apart, and each starts from the usual interval.</summary>
    public TimeSpan AfterSuccess(bool unfinished, bool changed)
    {
        _interval = (unfinished, changed) switch
        {
            (true, _) => Longer(_shortest, Shorter(_interval, options.PollInterval) * Shrink),
            (false, true) => options.PollInterval,
            (false, false) => Shorter(_longest, Longer(_interval, options.PollInterval) * Growth),
        };
        return WithJitter(_interval);
    }

    /// <summary>The failures in a row have ended.</summary>
    public void Recover() => Failures = 0;

    /// <summary>Doubles with each failure in a row, and is never shorter than what the server asked for.</summary>
    public TimeSpan AfterFailure(TimeSpan? retryAfter)
    {
        Failures++;
        var limit = Longer(_interval, options.MaxPollRetryDelay);

        var doubled = TimeSpan.FromTicks((long)Math.Min(limit.Ticks, _interval.Ticks * Math.Pow(2, Failures - 1)));
        return Longer(WithJitter(doubled), WithJitter(Shorter(Furthest, retryAfter ?? TimeSpan.Zero)));
    }

    // Only ever added: a wait that the server or the user asked for is a lower bound.
    private TimeSpan WithJitter(TimeSpan delay) => delay * (1 + (options.Jitter * random()));

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
