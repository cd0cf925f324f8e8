namespace KooDrive.Jobs.Streams;

/// <summary>The jobs that are remembered: the unfinished ones, up to a limit, and the last finished ones.</summary>
internal sealed class KnownJobs(int maxUnfinished, int retainedFinished)
{
    // As many as fit where new jobs are looked for, beyond which nobody asks.
    private const int MaxLetGo = 256;

    private readonly Dictionary<JobKey, TrackedJob> _unfinished = [];
    private readonly Dictionary<JobKey, LinkedListNode<TrackedJob>> _finished = [];
    private readonly LinkedList<TrackedJob> _finishedInOrder = [];
    private readonly HashSet<JobKey> _letGo = [];
    private readonly Queue<JobKey> _letGoInOrder = [];
    private readonly JobsByAge _byAge = new();

    public IReadOnlyDictionary<JobKey, TrackedJob> Unfinished => _unfinished;

    /// <summary>The retained finished jobs, in the order in which they were found finished.</summary>
    public IEnumerable<TrackedJob> Finished => _finishedInOrder;

    public IEnumerable<JobKey> Keys => _unfinished.Keys.Concat(_finished.Keys);

    public bool HasRoom => _unfinished.Count < maxUnfinished;

    public TrackedJob? Find(JobKey key) =>
        _unfinished.TryGetValue(key, out TrackedJob? unfinished) ? unfinished
        : _finished.TryGetValue(key, out LinkedListNode<TrackedJob>? finished) ? finished.Value
        : null;

    /// <summary>Remembers a job, in place of what was known of it. The finished job that was found longest ago gives way.</summary>
    public void Set(JobKey key, TrackedJob tracked)
    {
        TrackedJob? before = Find(key);
        if (before != tracked)
        {
            Forget(before);
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
                JobKey oldest = JobKey.Of(_finishedInOrder.First!.Value.Job);
                Remove(oldest);
                LetGo(oldest);
            }
        }
    }

    public void Remove(JobKey key)
    {
        Forget(Find(key));
        _unfinished.Remove(key);
        Unlist(key);
    }

    /// <summary>Lets go of the oldest unfinished jobs beyond the limit.</summary>
    /// <returns>How many.</returns>
    public int Trim()
    {
        int surplus = _unfinished.Count - maxUnfinished;
        if (surplus <= 0)
        {
            return 0;
        }

        foreach ((JobKey key, _) in _unfinished.OrderByDescending(entry => entry.Value.Rank).Take(surplus).ToList())
        {
            Remove(key);
            LetGo(key);
        }

        return surplus;
    }

    /// <summary>Whether a job is no longer remembered, but was not long ago. Whoever stands where new jobs do is not new then.</summary>
    public bool WasLetGo(JobKey key) => _letGo.Contains(key);

    /// <summary>The jobs that this process has seen, oldest first.</summary>
    public IReadOnlyList<Job> Snapshot() => _byAge.Snapshot();

    /// <summary>Gives back what growing has left unused, up to half of the room: worth it once many jobs were met at once.</summary>
    public void TrimExcess() => _unfinished.TrimExcess();

    private void LetGo(JobKey key)
    {
        if (_letGo.Add(key))
        {
            _letGoInOrder.Enqueue(key);
        }

        if (_letGo.Count > MaxLetGo)
        {
            _letGo.Remove(_letGoInOrder.Dequeue());
        }
    }

    private static void Forget(TrackedJob? tracked)
    {
        if (tracked is not null)
        {
            JobsByAge.Forget(tracked);
        }
    }

    private void Unlist(JobKey key)
    {
        if (_finished.Remove(key, out LinkedListNode<TrackedJob>? node))
        {
            _finishedInOrder.Remove(node);
        }
    }
}
