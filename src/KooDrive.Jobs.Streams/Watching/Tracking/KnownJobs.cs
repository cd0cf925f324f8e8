namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The jobs that are tracked: the unfinished ones, up to a limit, and the last finished ones.</summary>
internal sealed class KnownJobs(int maxUnfinished, int retainedFinished)
{
    private const int MaxEvicted = 16_384;

    private readonly Dictionary<JobKey, TrackedJob> _unfinished = [];
    private readonly Dictionary<JobKey, LinkedListNode<TrackedJob>> _finished = [];
    private readonly LinkedList<TrackedJob> _finishedInOrder = [];

    // Observed once as they must not be, and to be observed again: finished ones, and evicted ones that reappeared.
    private readonly Dictionary<JobKey, TrackedJob> _suspects = [];

    // Unfinished when they were evicted.
    private readonly Dictionary<JobKey, TrackedJob> _evicted = [];
    private readonly JobsByAge _byAge = new();

    public IReadOnlyDictionary<JobKey, TrackedJob> Unfinished => _unfinished;

    /// <summary>The retained finished jobs, in the order in which they were found finished.</summary>
    public IEnumerable<TrackedJob> Finished => _finishedInOrder;

    /// <summary>The jobs that a poll must observe: the unfinished ones, and those of which an observation must be confirmed.</summary>
    public IEnumerable<KeyValuePair<JobKey, TrackedJob>> Sought => _unfinished.Concat(_suspects);

    /// <summary>The jobs that were unfinished when they were evicted.</summary>
    public IReadOnlyDictionary<JobKey, TrackedJob> Evicted => _evicted;

    public IEnumerable<JobKey> Keys => _unfinished.Keys.Concat(_finished.Keys).Concat(_suspects.Keys.Where(key => !_finished.ContainsKey(key)));

    public bool HasRoom => _unfinished.Count + _suspects.Count < maxUnfinished;

    public TrackedJob? Find(JobKey key) =>
        _unfinished.TryGetValue(key, out TrackedJob? unfinished) ? unfinished
        : _suspects.TryGetValue(key, out TrackedJob? suspect) ? suspect
        : _finished.TryGetValue(key, out LinkedListNode<TrackedJob>? finished) ? finished.Value
        : null;

    /// <summary>Tracks a job, in place of what was tracked under its key. The finished job that was found longest ago is evicted.</summary>
    public void Set(JobKey key, TrackedJob tracked)
    {
        TrackedJob? before = Find(key);
        if (before != tracked && before is not null)
        {
            JobsByAge.Forget(before);
        }

        _evicted.Remove(key);
        _suspects.Remove(key);
        if (before != tracked || tracked.IsForgotten)
        {
            _byAge.Add(tracked);
        }

        if (!tracked.Job.IsFinished)
        {
            Unlist(key);
            _unfinished[key] = tracked;
            return;
        }

        _unfinished.Remove(key);
        if (_finished.TryGetValue(key, out LinkedListNode<TrackedJob>? known))
        {
            known.Value = tracked;
        }
        else
        {
            _finished.Add(key, _finishedInOrder.AddLast(tracked));
            if (_finished.Count > retainedFinished)
            {
                JobsByAge.Forget(_finishedInOrder.First!.Value);
                Unlist(JobKey.Of(_finishedInOrder.First.Value.Job));
            }
        }
    }

    /// <summary>Whether the next poll observes a job again that is finished or not tracked.</summary>
    public bool IsSuspect(TrackedJob tracked) => tracked.Regressed is not null && _suspects.ContainsKey(JobKey.Of(tracked.Job));

    /// <summary>Has the next poll observe a job again that is finished or not tracked. When there is no room, nothing comes of it.</summary>
    public void Suspect(JobKey key, TrackedJob tracked)
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
            JobsByAge.Forget(tracked);
        }

        _unfinished.Remove(key);
        _suspects.Remove(key);
        Unlist(key);
    }

    /// <summary>Evicts the oldest unfinished jobs beyond the limit.</summary>
    /// <returns>The number of jobs evicted.</returns>
    public int Trim()
    {
        int surplus = _unfinished.Count - maxUnfinished;
        if (surplus <= 0)
        {
            return 0;
        }

        foreach ((JobKey key, TrackedJob tracked) in _unfinished.OrderByDescending(entry => entry.Value.Rank).Take(surplus).ToList())
        {
            Remove(key);
            Evict(key, tracked);
        }

        return surplus;
    }

    /// <summary>Remembers a job that was evicted, so that it does not return as changed when nothing has changed.</summary>
    public void Evict(JobKey key, TrackedJob tracked)
    {
        if (_evicted.Count < MaxEvicted)
        {
            _evicted[key] = tracked;
        }
    }

    /// <summary>The jobs that this process has observed, oldest first.</summary>
    public IReadOnlyList<Job> Snapshot() => _byAge.Snapshot();

    /// <summary>Gives back what growing has left unused, up to half of the room: worth it once many jobs were met together.</summary>
    public void TrimExcess() => _unfinished.TrimExcess();

    private void Unlist(JobKey key)
    {
        if (_finished.Remove(key, out LinkedListNode<TrackedJob>? node))
        {
            _finishedInOrder.Remove(node);
        }
    }
}
