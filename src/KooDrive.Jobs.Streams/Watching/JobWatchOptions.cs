namespace KooDrive.Jobs.Streams;

/// <summary>How a <see cref="JobWatch"/> polls and what it keeps. Checked once, all errors together, when the watch is made.</summary>
/// <remarks>
/// There is a filter by type, because a job never changes its type, and none by status: a job that moves on would leave the filter, and
/// leaving the list is how a job looks that was removed. Filter the events instead.
/// </remarks>
public sealed class JobWatchOptions
{
    /// <summary>Watch only jobs of this type; null, the default, for all. The server applies it.</summary>
    public JobType? Type { get; set; }

    /// <summary>The usual time from the end of a poll to the start of the next, 0.1 seconds to 1 day. Default 5 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The shortest that the interval may become while jobs are unfinished, 0.1 seconds to <see cref="PollInterval"/>. Null, the
    /// default, for <see cref="PollInterval"/>: it does not shrink.
    /// </summary>
    public TimeSpan? MinInterval { get; set; }

    /// <summary>
    /// The longest that the interval may become while nothing happens, <see cref="PollInterval"/> to 1 day. Null, the default, for
    /// <see cref="PollInterval"/>: it does not grow.
    /// </summary>
    public TimeSpan? MaxInterval { get; set; }

    /// <summary>
    /// The share of an interval, 0-1, of which a random part is added to it, so that many watches do not poll in step. Default 0.1.
    /// </summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>
    /// The longest wait after failures, 0 to 1 day. Default 5 minutes. The wait doubles with each failure in a row; it is never shorter than
    /// what the server asks for in <c>Retry-After</c>, however long that is, nor than the interval.
    /// </summary>
    public TimeSpan MaxFailureDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The requests after which a poll gives up looking here and there and reads the whole list instead, with a <see cref="WatchGap"/>.
    /// 2-100,000. Default 100. A full pass over the list takes what it takes.
    /// </summary>
    public int MaxRequestsPerPoll { get; set; } = 100;

    /// <summary>
    /// Every so many polls the list is read more thoroughly, to reconcile. 1-1,000,000. Default 360: every half hour at the default interval.
    /// </summary>
    public int ReconcileEvery { get; set; } = 360;

    /// <summary>How many finished jobs, the newest, are kept to be told to late subscribers, 0-1,000,000. Default 1,000.</summary>
    public int RetainedFinished { get; set; } = 1_000;

    /// <summary>
    /// The most unfinished jobs that are followed, 1-1,000,000. Default 10,000. Beyond it the oldest are let go, with a <see cref="WatchGap"/>.
    /// </summary>
    public int MaxUnfinished { get; set; } = 10_000;

    /// <summary>
    /// The most events that wait for one subscriber, behind those of the poll that it is busy with; 1-1,000,000. Default 10,000. One that falls
    /// further behind gets a <see cref="WatchGap"/> and the present state instead.
    /// </summary>
    public int SubscriberBuffer { get; set; } = 10_000;

    /// <summary>
    /// Which errors of a poll end the watch (<c>OnError</c>); after all others it polls on. Null, the default, for those that waiting
    /// cannot mend: everything but a <see cref="JobsException"/> whose <see cref="JobsException.IsTransient"/> is true.
    /// </summary>
    public Func<Exception, bool>? IsFatal { get; set; }

    /// <summary>A copy that nobody changes any more.</summary>
    /// <exception cref="JobsOptionsException">The options cannot work; it says everything that is wrong with them.</exception>
    internal JobWatchOptions Validated()
    {
        JobWatchOptionsValidator.ThrowIfInvalid(this, "options");
        return (JobWatchOptions)MemberwiseClone();
    }
}
