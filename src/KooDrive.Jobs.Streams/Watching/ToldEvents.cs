namespace KooDrive.Jobs.Streams.Watching;

/// <summary>What the events of a script amount to so far.</summary>
internal sealed class ToldEvents
{
    private readonly Lock _gate = new();
    private readonly UnfinishedJobs _unfinished = new();
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
                return [.. _unfinished.All];
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
                case PollFailed failed:
                    _health = _health with { ConsecutiveFailures = failed.Attempt, LastError = failed.Error, NextPoll = failed.ObservedAt + failed.Delay };
                    break;
                case PollCompleted completed:
                    _health = _health with { LastSuccess = completed.ObservedAt, ConsecutiveFailures = 0, LastError = null, NextPoll = null };
                    break;
                case WatchGap:
                    // What a subscriber missed, the watch knows.
                    break;
                default:
                    _unfinished.Apply(next);
                    break;
            }
        }
    }
}
