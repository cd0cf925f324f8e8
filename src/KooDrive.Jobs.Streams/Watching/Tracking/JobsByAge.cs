namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// The remembered jobs in order of age, kept from one time to the next: new ones are merged in, forgotten ones left out, and everything is
/// sorted anew only where the order no longer holds, because a place turned out to be another.
/// </summary>
internal sealed class JobsByAge
{
    private const int MostKeptRoom = 1_024;

    private readonly List<TrackedJob> _added = [];
    private List<TrackedJob> _ordered = [];

    /// <summary>Adds a job, or takes it back.</summary>
    public void Add(TrackedJob tracked)
    {
        tracked.IsForgotten = false;
        if (!tracked.IsListed)
        {
            tracked.IsListed = true;
            _added.Add(tracked);
        }
    }

    /// <summary>Leaves a job out from now on.</summary>
    public static void Forget(TrackedJob tracked) => tracked.IsForgotten = true;

    /// <summary>The jobs that this process has seen, oldest first, as they are now.</summary>
    public Job[] Snapshot()
    {
        RemoveForgotten(_ordered);
        RemoveForgotten(_added);
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
        if (_added.Capacity > MostKeptRoom)
        {
            _added.TrimExcess();
        }

        return SeenOf(_ordered);
    }

    private static void RemoveForgotten(List<TrackedJob> jobs) => jobs.RemoveAll(static tracked =>
    {
        tracked.IsListed &= !tracked.IsForgotten;
        return tracked.IsForgotten;
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

    private static Job[] SeenOf(List<TrackedJob> ordered)
    {
        var jobs = new Job[ordered.Count];
        int seen = 0;
        foreach (TrackedJob tracked in ordered)
        {
            if (tracked.WasSeen)
            {
                jobs[seen++] = tracked.Job;
            }
        }

        return seen == jobs.Length ? jobs : jobs[..seen];
    }
}
