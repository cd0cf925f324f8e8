namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Computes the delay after each poll, without a clock or a timer.</summary>
internal sealed class PollSchedule(JobWatchOptions options, Func<double> random)
{
    private const double Shrink = 0.5;
    private const double Growth = 1.5;

    // The maximum of a timer is 49 days, and jitter may double the delay.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(24);

    private readonly TimeSpan _minInterval = options.MinPollInterval ?? options.PollInterval;
    private readonly TimeSpan _maxInterval = options.MaxPollInterval ?? options.PollInterval;
    private TimeSpan _interval = options.PollInterval;

    /// <summary>The number of consecutive failures of polls and of the lookups after them.</summary>
    public int ConsecutiveFailureCount { get; private set; }

    /// <summary>Returns the delay before the first poll.</summary>
    public TimeSpan BeforeFirst() => options.StaggerFirstPoll == true ? options.PollInterval * random() : TimeSpan.Zero;

    /// <summary>Returns the delay after a success: unfinished jobs shrink the interval, and an unchanged list grows it.</summary>
    public TimeSpan AfterSuccess(bool unfinished, bool changed)
    {
        _interval = (unfinished, changed) switch
        {
            (true, _) => Longer(_minInterval, Shorter(_interval, options.PollInterval) * Shrink),
            (false, true) => options.PollInterval,
            (false, false) => Shorter(_maxInterval, Longer(_interval, options.PollInterval) * Growth),
        };
        return WithJitter(_interval);
    }

    /// <summary>Ends the consecutive failures.</summary>
    public void Recover() => ConsecutiveFailureCount = 0;

    /// <summary>Returns the delay after a failure, which doubles with each consecutive failure and is never shorter than <c>Retry-After</c>.</summary>
    public TimeSpan AfterFailure(TimeSpan? retryAfter)
    {
        ConsecutiveFailureCount++;
        TimeSpan limit = Longer(_interval, options.MaxPollRetryDelay);

        var doubled = TimeSpan.FromTicks((long)Math.Min(limit.Ticks, _interval.Ticks * Math.Pow(2, ConsecutiveFailureCount - 1)));
        return Longer(WithJitter(doubled), WithJitter(Shorter(MaxDelay, retryAfter ?? TimeSpan.Zero)));
    }

    // Jitter only extends a delay, because the delay of the server or the user is a lower bound.
    private TimeSpan WithJitter(TimeSpan delay) => delay * (1 + (options.Jitter * random()));

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
