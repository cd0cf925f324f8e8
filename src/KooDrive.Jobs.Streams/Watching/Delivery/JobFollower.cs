namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Makes the states of one job out of the events of a watch, and ends when it has finished or is gone.</summary>
/// <param name="lookup">The job, and the question to ask when the retained state does not have it.</param>
/// <param name="ask">Asks it.</param>
/// <param name="observer">Gets the states.</param>
internal sealed class JobFollower(JobLookup lookup, Action<JobLookup> ask, IObserver<Job> observer) : IObserver<JobEvent>
{
    private bool _isKnown;
    private Job? _last;

    /// <summary>Which events it needs.</summary>
    public bool Wants(JobEvent next) => next switch
    {
        JobListed listed => listed.Job.TaskId == lookup.TaskId,
        JobChange change => change.Job.TaskId == lookup.TaskId,
        JobSought sought => sought.Lookup == lookup,
        WatchSynced or WatchGap => true,
        _ => false,
    };

    public void OnNext(JobEvent value)
    {
        switch (value)
        {
            case JobListed listed:
                Tell(listed.Job);
                break;
            case JobVanished:
                observer.OnError(new JobNotFoundException(lookup.TaskId, _last));
                break;
            case JobChange change:
                Tell(change.Job);
                break;

            // It may be this job that was let go: nothing more would be told of it.
            case WatchGap { Reason: WatchGapReason.TooManyUnfinished }:
                ask(lookup);
                break;

            // What became of the job meanwhile is among the retained jobs that follow, or must be asked for.
            case WatchGap:
                _isKnown = false;
                break;
            case WatchSynced when !_isKnown:
                ask(lookup);
                break;

            // No older than what was told of it before. If the watch does not follow it, the next look for it tells how it goes on.
            case JobSought { Job: { } found }:
                Tell(found);
                break;
            case JobSought { Job: null }:
                observer.OnError(new JobNotFoundException(lookup.TaskId, _last));
                break;
            default:
                break;
        }
    }

    public void OnError(Exception error) => observer.OnError(error);

    public void OnCompleted() => observer.OnCompleted();

    private void Tell(Job job)
    {
        _isKnown = true;
        if (job != _last)
        {
            _last = job;
            observer.OnNext(job);
        }

        if (job.IsFinished)
        {
            observer.OnCompleted();
        }
    }
}
