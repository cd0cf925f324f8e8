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
    /// How long non-transient errors of polls must persist before they end the watch, 0 to 1 day. Default 15 minutes; 0 ends the watch at the first.
    /// </summary>
    /// <remarks>
    /// A maintenance page, a firewall's 403, a 404 during a deployment, or a token that is being rotated is a non-transient error and passes nevertheless.
    /// The watch publishes each as <see cref="PollFailed"/> and polls again. The period is measured by a monotonic clock from the first of consecutive
    /// non-transient errors; a success or a transient error starts the period again. There is no such period before the first success of the watch, when a
    /// non-transient error is a wrong setting, for a disposed client, and when <see cref="IsFatal"/> is set.
    /// </remarks>
    public TimeSpan FatalErrorGracePeriod { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a job that is requested by id (<see cref="JobWatch.ObserveJob"/> and <see cref="JobWatch.WaitForFinishAsync(string, CancellationToken)"/>) may
    /// be missing from the list before the request fails with a <see cref="JobNotFoundException"/>, 0 to 1 day. Default 30 seconds; 0 reads the list once. A
    /// job that was just created need not be listed yet. A timeout of the caller that ends earlier applies.
    /// </summary>
    public TimeSpan NotFoundGracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Decides which errors of a poll end the watch (<c>OnError</c>): those for which it returns true, immediately; after all others the watch polls again,
    /// however long they persist. Null, the default, ends the watch for every error that is not transient (everything except a <see cref="JobsException"/>
    /// whose <see cref="JobsException.IsTransient"/> is true), after the first success only when such errors persist for
    /// <see cref="FatalErrorGracePeriod"/>. If the function throws, the error ends the watch.
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
