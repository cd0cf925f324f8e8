using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// The jobs that a walk yielded last, in the order of the list: at least as many as <see cref="Capacity"/>, at most twice as many. The ids
/// are indexed only when a walk needs the index, because a walk by creation time does not need it.
/// </summary>
internal sealed class RememberedJobs
{
    // More than any burst of deletions that a walk must survive.
    public const int LargeCapacity = 8_192;

    private const int SmallCapacity = 1_024;

    private readonly List<string> _taskIds = [];
    private readonly List<long> _times = [];
    private Dictionary<string, long>? _sequences;
    private long _evictedCount;
    private long _minTime = long.MaxValue;

    public int Capacity { get; private set; } = SmallCapacity;

    public int Count => _taskIds.Count;

    /// <summary>Whether a job was evicted, or was yielded by a resumed walk and is not in its resume point.</summary>
    public bool HasEvicted { get; set; }

    /// <summary>The creation time of the first job remembered; no remembered job is newer.</summary>
    public long OldestListedTime => _times[0];

    /// <summary>The id of the job yielded last.</summary>
    public string Last => _taskIds[^1];

    public IReadOnlyList<string> TaskIds => _taskIds;

    /// <summary>Remembers a job that is listed after all others.</summary>
    public void Append(string taskId, long time)
    {
        if (_sequences is not null)
        {
            _sequences[taskId] = _evictedCount + Count;
        }

        _taskIds.Add(taskId);
        _times.Add(time);
        _minTime = Math.Min(_minTime, time);
    }

    /// <summary>Remembers a job that is listed before other remembered jobs, at the position of its creation time.</summary>
    public void Insert(string taskId, long time)
    {
        int index = Count;
        while (index > 0 && _times[index - 1] < time)
        {
            index--;
        }

        _taskIds.Insert(index, taskId);
        _times.Insert(index, time);
        if (_sequences is not null)
        {
            Reindex();
        }
    }

    /// <summary>Evicts the jobs beyond the capacity when their number is twice the capacity.</summary>
    public void Trim()
    {
        if (Count > 2 * Capacity)
        {
            Evict(Count - Capacity);
            HasEvicted = true;
        }
    }

    /// <summary>Indexes the ids and keeps more of them, or drops the index and keeps fewer ids.</summary>
    public void UseIndex(bool isIndexed)
    {
        Capacity = isIndexed ? LargeCapacity : SmallCapacity;
        if (!isIndexed)
        {
            _sequences = null;
        }
        else if (_sequences is null)
        {
            _sequences = new(_taskIds.Count, TaskIdComparer.Instance);
            for (int i = 0; i < _taskIds.Count; i++)
            {
                _sequences[_taskIds[i]] = _evictedCount + i;
            }
        }
    }

    public bool Contains(string taskId) => _sequences?.ContainsKey(taskId) ?? _taskIds.LastIndexOf(taskId) >= 0;

    /// <summary>Whether a job with that id and creation time is remembered; an id may have been reused.</summary>
    /// <remarks>
    /// A job that is older than every remembered job, as most jobs of a page are, is not searched for, because a search without the index is slow.
    /// </remarks>
    public bool Contains(string taskId, long time) => time >= _minTime && Contains(taskId) && _taskIds.LastIndexOf(taskId) is var index and >= 0 && _times[index] == time;

    /// <summary>Whether a job is among the last remembered jobs.</summary>
    /// <param name="taskId">Its id.</param>
    /// <param name="count">The number of jobs to search.</param>
    public bool IsAmongLast(string taskId, int count) =>
        _sequences is { } sequences
            ? sequences.TryGetValue(taskId, out long sequence) && sequence >= _evictedCount + Count - count
            : CollectionsMarshal.AsSpan(_taskIds)[^count..].Contains(taskId);

    /// <summary>Returns the jobs before the last remembered jobs, the job that directly precedes them first.</summary>
    /// <param name="count">The number of last jobs that are omitted.</param>
    /// <param name="max">The maximum number of jobs to return.</param>
    public IReadOnlyList<(string TaskId, long Time)> GetEarlier(int count, int max)
    {
        int end = Math.Max(0, Count - count);
        return [.. Enumerable.Range(1, Math.Min(max, end)).Select(i => (_taskIds[end - i], _times[end - i]))];
    }

    /// <summary>Returns the number of remembered jobs that follow a job in the order of the list; null when the job is not remembered. Indexes the ids.</summary>
    public long? CountAfter(string taskId)
    {
        // A tie group of more jobs than are remembered is found by ids, although each page may have started before it.
        UseIndex(true);
        return _sequences!.TryGetValue(taskId, out long sequence) ? _evictedCount + Count - 1 - sequence : null;
    }

    /// <summary>Moves all jobs to a set of jobs at unknown positions.</summary>
    public void MoveTo(HashSet<string> unordered)
    {
        unordered.UnionWith(_taskIds);
        Evict(Count);
    }

    /// <summary>Moves the jobs after a remembered job to a set of jobs at unknown positions. Requires the index.</summary>
    public void MoveAfter(string taskId, HashSet<string> unordered)
    {
        int count = (int)CountAfter(taskId)!.Value;
        unordered.UnionWith(_taskIds[^count..]);
        _taskIds.RemoveRange(Count - count, count);
        _times.RemoveRange(_taskIds.Count, count);

        // An id that was reused may be remembered before the removed jobs too.
        Reindex();
    }

    private void Reindex()
    {
        _sequences = null;
        UseIndex(true);
    }

    private void Evict(int count)
    {
        for (int i = 0; _sequences is not null && i < count; i++)
        {
            // An id that was reused is indexed where it was yielded last.
            if (_sequences[_taskIds[i]] == _evictedCount + i)
            {
                _sequences.Remove(_taskIds[i]);
            }
        }

        _taskIds.RemoveRange(0, count);
        _times.RemoveRange(0, count);
        _evictedCount += count;
    }
}
