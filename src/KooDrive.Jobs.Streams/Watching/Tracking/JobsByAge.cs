namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// The tracked jobs in order of age. Added jobs are merged into the order, and the whole order is sorted again only when a corrected position broke it.
/// </summary>
internal sealed class JobsByAge
{
    private const int MaxKeptCapacity = 16;

    private readonly List<TrackedJob> _added = [];
    private List<TrackedJob> _ordered = [];

    /// <summary>Adds a job, or restores a removed job.</summary>
    public void Add(TrackedJob tracked)
    {
        tracked.IsRemoved = false;
        if (!tracked.IsListed)
        {
            tracked.IsListed = true;
            _added.Add(tracked);
        }
    }

    /// <summary>Removes a job.</summary>
    public static void Remove(TrackedJob tracked) => tracked.IsRemoved = true;

    /// <summary>Returns the current states of the jobs that this process has observed, oldest job first.</summary>
    public Job[] Snapshot()
    {
        PurgeRemoved(_ordered);
        PurgeRemoved(_added);
        _added.Sort(TrackedJob.CompareAge);
        if (IsInOrder(_ordered))
        {
            _ordered = Merge(_ordered, _added);
        }
        else
        {
            _ordered.AddRange(_added);
            _ordered.Sort(TrackedJob.CompareAge);
        }

        _added.Clear();
        if (_added.Capacity > MaxKeptCapacity)
        {
            _added.TrimExcess();
        }

        return ObservedOf(_ordered);
    }

    private static void PurgeRemoved(List<TrackedJob> jobs) => jobs.RemoveAll(static tracked =>
    {
        tracked.IsListed &= !tracked.IsRemoved;
        return tracked.IsRemoved;
    });

    private static bool IsInOrder(List<TrackedJob> jobs)
    {
        for (int index = 1; index < jobs.Count; index++)
        {
            if (TrackedJob.CompareAge(jobs[index - 1], jobs[index]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static List<TrackedJob> Merge(List<TrackedJob> ordered, List<TrackedJob> added)
    {
        if (added.Count == 0)
        {
            return ordered;
        }

        List<TrackedJob> merged = new(ordered.Count + added.Count);
        int next = 0;
        foreach (TrackedJob tracked in ordered)
        {
            while (next < added.Count && TrackedJob.CompareAge(added[next], tracked) < 0)
            {
                merged.Add(added[next++]);
            }

            merged.Add(tracked);
        }

        merged.AddRange(added[next..]);
        return merged;
    }

    private static Job[] ObservedOf(List<TrackedJob> ordered)
    {
        var jobs = new Job[ordered.Count];
        int count = 0;
        foreach (TrackedJob tracked in ordered)
        {
            if (tracked.WasObserved)
            {
                jobs[count++] = tracked.Job;
            }
        }

        return count == jobs.Length ? jobs : jobs[..count];
    }
}
