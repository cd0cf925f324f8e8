namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Converts the events of a watch to the states of one job, and ends when the job has finished or vanished.</summary>
/// <param name="lookup">The lookup of the job, for a job that is not in the snapshot.</param>
/// <param name="request">Requests the lookup.</param>
/// <param name="observer">The observer of the states.</param>
internal sealed class SingleJobObserver(JobLookup lookup, Action<JobLookup> request, IObserver<Job> observer) : IObserver<JobEvent>
{
    private bool _hasState;
    private Job? _lastObserved;

    /// <summary>Whether the observer needs an event.</summary>
    public bool Accepts(JobEvent next) => next switch
    {
        JobListed listed => listed.Job.TaskId == lookup.TaskId,
        JobChange change => change.Job.TaskId == lookup.TaskId,
        JobLookupResult result => result.Lookup == lookup,
        WatchSynced or WatchGap => true,
        _ => false,
    };

    public void OnNext(JobEvent value)
    {
        switch (value)
        {
            case JobListed listed:
                Publish(listed.Job);
                break;
            case JobVanished:
                observer.OnError(new JobNotFoundException(lookup.TaskId, _lastObserved));
                break;
            case JobChange change:
                Publish(change.Job);
                break;

            // This job may be evicted: no event would follow.
            case WatchGap { Reason: WatchGapReason.TooManyUnfinished }:
                request(lookup);
                break;

            // The snapshot follows. If the job is not in it, a lookup finds the outcome.
            case WatchGap:
                _hasState = false;
                break;
            case WatchSynced when !_hasState:
                request(lookup);
                break;

            // The state is not older than the last published state. The lookup of an untracked job is repeated until the job has finished.
            case JobLookupResult { Job: { } found }:
                Publish(found);
                break;
            case JobLookupResult { Job: null }:
                observer.OnError(new JobNotFoundException(lookup.TaskId, _lastObserved));
                break;
            default:
                break;
        }
    }

    public void OnError(Exception error) => observer.OnError(error);

    public void OnCompleted() => observer.OnCompleted();

    private void Publish(Job job)
    {
        _hasState = true;
        if (job != _lastObserved)
        {
            _lastObserved = job;
            observer.OnNext(job);
        }

        if (job.IsFinished)
        {
            observer.OnCompleted();
        }
    }
}
