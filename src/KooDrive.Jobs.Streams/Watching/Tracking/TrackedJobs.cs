namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The tracked jobs: the unfinished jobs, up to a maximum, and the last finished jobs.</summary>
internal sealed class TrackedJobs(int maxUnfinished, int retainedFinished)
{
    private const int MaxEvicted = 16_384;

    private readonly Dictionary<JobKey, TrackedJob> _unfinished = [];
    private readonly FinishedJobs _finished = new();

    // To be observed again: finished jobs with a regression, and evicted jobs that reappeared.
    private readonly Dictionary<JobKey, TrackedJob> _suspects = [];

    // The jobs that were unfinished when they were evicted.
    private readonly Dictionary<JobKey, TrackedJob> _evicted = [];
    private readonly JobsByAge _byAge = new();

    public IReadOnlyDictionary<JobKey, TrackedJob> Unfinished => _unfinished;

    /// <summary>The retained finished jobs, in the order in which they were first observed as finished.</summary>
    public IEnumerable<TrackedJob> Finished => _finished.InOrder;

    /// <summary>The jobs that a poll must observe: the unfinished jobs, and the jobs with an observation to confirm.</summary>
    public IEnumerable<KeyValuePair<JobKey, TrackedJob>> ToObserve => _suspects.Count == 0 ? _unfinished : _unfinished.Concat(_suspects);

    /// <summary>The number of jobs that a poll must observe.</summary>
    public int CountToObserve => _unfinished.Count + _suspects.Count;

    /// <summary>The jobs that were unfinished when they were evicted.</summary>
    public IReadOnlyDictionary<JobKey, TrackedJob> Evicted => _evicted;

    public IEnumerable<JobKey> Keys => _unfinished.Keys.Concat(_finished.Keys).Concat(_suspects.Keys.Where(key => !_finished.Contains(key)));

    /// <summary>Whether the next poll must confirm the observation of a finished or evicted job, so that it may publish a change although nothing changes.</summary>
    public bool HasSuspects => _suspects.Count > 0;

    public bool HasRoom => CountToObserve < maxUnfinished;

    public TrackedJob? Find(JobKey key) =>
        _unfinished.TryGetValue(key, out TrackedJob? unfinished) ? unfinished
        : _suspects.TryGetValue(key, out TrackedJob? suspect) ? suspect
        : _finished.Find(key);

    /// <summary>Tracks a job in place of the job with the same key, and evicts the oldest finished job beyond the maximum.</summary>
    public void Set(JobKey key, TrackedJob tracked)
    {
        bool isSettled = _suspects.Count + _evicted.Count == 0 && !tracked.Job.IsFinished && !tracked.IsRemoved;
        if (isSettled && _unfinished.TryGetValue(key, out TrackedJob? unfinished) && unfinished == tracked)
        {
            // Nearly every job of a poll with many unfinished jobs: it was and is unfinished.
            return;
        }

        TrackedJob? before = Find(key);
        if (before != tracked && before is not null)
        {
            JobsByAge.Remove(before);
        }

        _evicted.Remove(key);
        _suspects.Remove(key);
        if (before != tracked || tracked.IsRemoved)
        {
            _byAge.Add(tracked);
        }

        if (!tracked.Job.IsFinished)
        {
            _finished.Remove(key);
            _unfinished[key] = tracked;
            return;
        }

        _unfinished.Remove(key);
        _finished.Add(key, tracked);
        if (_finished.Count > retainedFinished && _finished.Oldest is { } oldest)
        {
            JobsByAge.Remove(oldest);
            _finished.Remove(JobKey.Of(oldest.Job));
        }
    }

    /// <summary>Whether the next poll must confirm the observation of a finished or evicted job.</summary>
    public bool IsSuspect(TrackedJob tracked) => tracked.Regressed is not null && _suspects.ContainsKey(JobKey.Of(tracked.Job));

    /// <summary>Makes the next poll confirm the observation of a finished or evicted job, if there is room.</summary>
    public void AddSuspect(JobKey key, TrackedJob tracked)
    {
        if (!_unfinished.ContainsKey(key) && HasRoom)
        {
            _suspects.TryAdd(key, tracked);
        }
    }

    public void Remove(JobKey key)
    {
        if (Find(key) is { } tracked)
        {
            JobsByAge.Remove(tracked);
        }

        _unfinished.Remove(key);
        _suspects.Remove(key);
        _finished.Remove(key);
    }

    /// <summary>Evicts the oldest unfinished jobs beyond the maximum.</summary>
    /// <returns>The number of jobs evicted.</returns>
    public int Trim()
    {
        int surplus = _unfinished.Count - maxUnfinished;
        if (surplus <= 0)
        {
            return 0;
        }

        foreach ((JobKey key, TrackedJob tracked) in _unfinished.OrderByDescending(entry => entry.Value.RelativePosition).Take(surplus).ToList())
        {
            Remove(key);
            Evict(key, tracked);
        }

        return surplus;
    }

    /// <summary>Keeps the state of an evicted job, so that it is not published as changed when it reappears unchanged.</summary>
    public void Evict(JobKey key, TrackedJob tracked)
    {
        if (_evicted.Count < MaxEvicted)
        {
            _evicted[key] = tracked;
        }
    }

    /// <summary>Returns the jobs that this process has observed, oldest first.</summary>
    public IReadOnlyList<Job> Snapshot() => _byAge.Snapshot();

    /// <summary>Releases unused capacity after many jobs were added together.</summary>
    public void TrimExcess()
    {
        _unfinished.TrimExcess();
        _finished.TrimExcess();
    }
}
