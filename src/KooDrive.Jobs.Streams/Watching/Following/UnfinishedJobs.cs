namespace KooDrive.Jobs.Streams;

/// <summary>The jobs that have not finished, as told by the events so far.</summary>
internal sealed class UnfinishedJobs
{
    private readonly OrderedDictionary<string, Job> _jobs = [];

    public int Count => _jobs.Count;

    /// <summary>Oldest first.</summary>
    public IEnumerable<Job> All => _jobs.Values;

    public void Apply(JobEvent happened)
    {
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
