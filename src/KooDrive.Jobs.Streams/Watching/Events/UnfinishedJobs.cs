namespace KooDrive.Jobs.Streams;

/// <summary>The unfinished jobs according to the applied events, for example of <see cref="JobWatch.ReadEventsAsync"/>.</summary>
/// <remarks>
/// Unlike <see cref="JobWatch.UnfinishedJobs"/>, which may already include a later poll, the jobs always correspond to the applied events. Not safe for
/// concurrent use.
/// </remarks>
public sealed class UnfinishedJobs
{
    private readonly OrderedDictionary<string, Job> _jobs = [];

    /// <summary>The number of unfinished jobs.</summary>
    public int Count => _jobs.Count;

    /// <summary>The unfinished jobs, in the order in which they were first observed. The view is live: do not apply events during an enumeration.</summary>
    public IEnumerable<Job> All => _jobs.Values;

    /// <summary>Applies the next event.</summary>
    /// <param name="next">The event.</param>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public void Apply(JobEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        switch (next)
        {
            case JobListed listed:
                Set(listed.Job);
                break;
            case JobVanished vanished:
                _jobs.Remove(vanished.Job.TaskId);
                break;
            case JobChange change:
                Set(change.Job);
                break;
            case WatchGap { Reason: WatchGapReason.SlowSubscriber }:
                // The current snapshot follows.
                _jobs.Clear();
                break;
        }
    }

    private void Set(Job job)
    {
        if (job.IsFinished)
        {
            _jobs.Remove(job.TaskId);
        }
        else
        {
            _jobs[job.TaskId] = job;
        }
    }
}
