namespace KooDrive.Jobs.Streams;

/// <summary>The unfinished jobs as of the events that were applied so far: for a table that follows <see cref="JobWatch.ReadEventsAsync"/>.</summary>
/// <remarks>
/// Unlike <see cref="JobWatch.UnfinishedJobs"/>, which may already include the next poll, it is in step with the events. Not for several threads at once.
/// </remarks>
public sealed class UnfinishedJobs
{
    private readonly OrderedDictionary<string, Job> _jobs = [];

    /// <summary>The number of unfinished jobs.</summary>
    public int Count => _jobs.Count;

    /// <summary>The unfinished jobs, in the order in which they were first observed. A live view: do not apply events while enumerating.</summary>
    public IEnumerable<Job> All => _jobs.Values;

    /// <summary>Applies the next event.</summary>
    /// <param name="happened">The event.</param>
    public void Apply(JobEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        switch (happened)
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
                // What was missed is told anew, from the start.
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
