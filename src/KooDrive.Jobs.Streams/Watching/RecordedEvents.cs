namespace KooDrive.Jobs.Streams.Watching;

/// <summary>The health and the unfinished jobs according to the events that a fake has published.</summary>
internal sealed class RecordedEvents
{
    private readonly Lock _lock = new();
    private readonly UnfinishedJobs _unfinished = new();
    private JobWatchHealth _health = new();

    public JobWatchHealth Health
    {
        get
        {
            lock (_lock)
            {
                return _health;
            }
        }
    }

    /// <summary>The unfinished jobs, in the order of their first events.</summary>
    public IReadOnlyList<Job> Unfinished
    {
        get
        {
            lock (_lock)
            {
                return [.. _unfinished.All];
            }
        }
    }

    public void Record(JobEvent next)
    {
        lock (_lock)
        {
            _health = _health with { PollCount = Math.Max(_health.PollCount, next.Poll) };
            switch (next)
            {
                case PollFailed failed:
                    _health = _health with { ConsecutiveFailureCount = failed.ConsecutiveFailureCount, LastException = failed.Exception, NextPollAt = failed.ObservedAt + failed.Delay };
                    break;
                case PollCompleted completed:
                    _health = _health with { LastSuccessAt = completed.ObservedAt, ConsecutiveFailureCount = 0, LastException = null, NextPollAt = null };
                    break;
                case WatchGap:
                    // A gap of a subscriber does not affect the state of the watch.
                    break;
                default:
                    _unfinished.Apply(next);
                    break;
            }
        }
    }
}
