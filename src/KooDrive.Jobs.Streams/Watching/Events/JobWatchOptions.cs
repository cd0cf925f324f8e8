using KooDrive.Jobs.Streams.Watching.Events;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of a <see cref="JobWatch"/>: when to poll, what to keep, and when to give up.</summary>
/// <remarks>
/// <para>
/// <see cref="JobsClient.WatchJobs"/> validates and copies the options: every error is listed in one <see cref="JobsOptionsException"/>, and later changes have
/// no effect on the watch. Configuration can bind every option; see <see cref="JobWatchServices"/> for the scheduler and the policy for errors.
/// </para>
/// <para>
/// There is a filter by type, because the type of a job never changes, and none by status: a job whose status changes would disappear from the filtered list like
/// a removed job. Filter the events by status instead.
/// </para>
/// </remarks>
public class JobWatchOptions
{
    /// <summary>The type of the jobs to watch, which the server applies as a filter. Null (the default) means all types.</summary>
    public JobType? Type { get; set; }

    /// <summary>The interval from the end of a poll to the start of the next poll, 0.1 seconds to 1 day. Default 5 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The minimum to which the interval shrinks while jobs are unfinished, 0.1 seconds to <see cref="PollInterval"/>.</summary>
    /// <remarks>Null (the default) means <see cref="PollInterval"/>: the interval does not shrink.</remarks>
    public TimeSpan? MinPollInterval { get; set; }

    /// <summary>The maximum to which the interval grows while nothing changes, <see cref="PollInterval"/> to 1 day.</summary>
    /// <remarks>Null (the default) means <see cref="PollInterval"/>: the interval does not grow.</remarks>
    public TimeSpan? MaxPollInterval { get; set; }

    /// <summary>The maximum random extension of an interval, as a fraction of the interval, 0 to 1. Default 0.1.</summary>
    /// <remarks>Jitter prevents many watches from polling at the same time.</remarks>
    public double Jitter { get; set; } = 0.1;

    /// <summary>
    /// Whether the first poll is delayed by a random part of <see cref="PollInterval"/>, so that many watches that start together do not poll together.
    /// </summary>
    /// <remarks>
    /// Null (the default) means true for a watch that is registered in a container with a service key, as one of several accounts, and false for any other watch.
    /// Subscribers, including waits for a job, wait for the first poll.
    /// </remarks>
    public bool? StaggerFirstPoll { get; set; }

    /// <summary>The maximum delay between a failed poll and the next poll, 0 to 1 day. Default 5 minutes.</summary>
    /// <remarks>
    /// The delay doubles with each consecutive failure. It is never shorter than the interval, nor than <c>Retry-After</c> of the server, however long that is.
    /// </remarks>
    public TimeSpan MaxPollRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum number of jobs per request (<c>limit</c>), 4 to 100. Default 100.</summary>
    /// <remarks>A poll first requests a smaller page, which is large enough while the account is idle.</remarks>
    public int MaxPageSize { get; set; } = 100;

    /// <summary>
    /// The maximum number of requests of a poll before it publishes a <see cref="WatchGap"/> and starts a full scan, 2 to 100,000. Default 100.
    /// </summary>
    /// <remarks>The number of requests of a full scan is not limited.</remarks>
    public int MaxRequestsPerPoll { get; set; } = 100;

    /// <summary>The number of polls from one full scan, which reconciles the state, to the next, 1 to 1,000,000. Default 360.</summary>
    /// <remarks>
    /// At the default interval, the default is one full scan every 30 minutes. While no job is unfinished, the watch reads the filtered lists of
    /// unfinished jobs instead of the whole list.
    /// </remarks>
    public int PollsPerFullScan { get; set; } = 360;

    /// <summary>The maximum number of finished jobs, the newest, that are retained for late subscribers, 0 to 1,000,000. Default 1,000.</summary>
    public int MaxRetainedFinishedJobs { get; set; } = 1_000;

    /// <summary>The maximum number of unfinished jobs that are tracked, 1 to 1,000,000. Default 10,000.</summary>
    /// <remarks>Beyond this number, the oldest unfinished jobs are evicted, and a <see cref="WatchGap"/> is published.</remarks>
    public int MaxUnfinishedJobs { get; set; } = 10_000;

    /// <summary>The maximum number of events that wait for one subscriber, 1 to 1,000,000. Default 10,000.</summary>
    /// <remarks>
    /// The events of the poll that the subscriber is receiving do not count. A subscriber that overflows the buffer receives a <see cref="WatchGap"/> and the
    /// current snapshot instead of these events; other subscribers are not affected.
    /// </remarks>
    public int SubscriberBufferCapacity { get; set; } = 10_000;

    /// <summary>The time for which non-transient errors of polls must persist before they end the watch, 0 to 1 day. Default 15 minutes.</summary>
    /// <remarks>
    /// <para>0 ends the watch at the first non-transient error.</para>
    /// <para>
    /// Some non-transient errors disappear without a change of the settings: a maintenance page, a firewall's 403, a 404 during a deployment, the rotation of a
    /// token. The watch publishes each as <see cref="PollFailed"/> and polls again. The period starts at the first of consecutive non-transient errors and is
    /// measured by a monotonic clock; a success or a transient error starts the period again.
    /// </para>
    /// <para>
    /// The period does not apply in three cases: before the first success of the watch, because a non-transient error then indicates a wrong setting; if the
    /// client is disposed; and if <see cref="JobWatchServices.IsFatal"/> is set.
    /// </para>
    /// </remarks>
    public TimeSpan FatalErrorGracePeriod { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The time for which a job that is requested by id may be missing from the list before the wait fails with a <see cref="JobNotFoundException"/>, 0 to 1
    /// day. Default 30 seconds.
    /// </summary>
    /// <remarks>
    /// The option applies to <see cref="JobWatch.ObserveJob"/> and <see cref="JobWatch.WaitForFinishAsync(string, CancellationToken)"/>, because a job that was
    /// just created may not be listed yet. With 0, the list is read once. A shorter timeout of the caller takes precedence.
    /// </remarks>
    public TimeSpan NotFoundGracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns a valid copy that later changes do not affect.</summary>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    internal JobWatchOptions Validated(string parameterName)
    {
        var copy = (JobWatchOptions)MemberwiseClone();
        JobWatchOptionsValidator.Check(copy).ThrowIfFailed(parameterName);
        return copy;
    }

    /// <summary>Returns a copy whose first poll is staggered, unless the option is set.</summary>
    internal JobWatchOptions WithStaggerByDefault()
    {
        var copy = (JobWatchOptions)MemberwiseClone();
        copy.StaggerFirstPoll ??= true;
        return copy;
    }
}
