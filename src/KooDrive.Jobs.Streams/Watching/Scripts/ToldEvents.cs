namespace KooDrive.Jobs.Streams;

/// <summary>What the events of a script amount to so far.</summary>
internal sealed class ToldEvents
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Job> _unfinished = [];
    private JobWatchHealth _health = new();

    public JobWatchHealth Health
    {
        get
        {
            lock (_gate)
            {
                return _health;
            }
        }
    }

    /// <summary>The unfinished jobs, in the order in which they were first told.</summary>
    public IReadOnlyList<Job> Unfinished
    {
        get
        {
            lock (_gate)
            {
                return [.. _unfinished.Values];
            }
        }
    }

    public void Note(JobEvent next)
    {
        lock (_gate)
        {
            _health = _health with { Polls = Math.Max(_health.Polls, next.Poll) };
            switch (next)
            {
                case JobListed listed:
                    Note(listed.Job);
                    break;
                case JobVanished vanished:
                    _unfinished.Remove(vanished.Job.TaskId);
                    break;
                case JobChange change:
                    Note(change.Job);
                    break;
                case PollFailed failed:
                    _health = _health with { ConsecutiveFailures = failed.Attempt, LastError = failed.Error, NextPoll = failed.ObservedAt + failed.Delay };
                    break;
                case PollCompleted completed:
                    _health = _health with { LastSuccess = completed.ObservedAt, ConsecutiveFailures = 0, LastError = null, NextPoll = null };
                    break;
                default:
                    break;
            }
        }
    }

    private void Note(Job job)
    {
        if (job.IsFinished)
        {
            _unfinished.Remove(job.TaskId);
        }
        else
        {
            _unfinished[job.TaskId] = job;
        }
    }
}
