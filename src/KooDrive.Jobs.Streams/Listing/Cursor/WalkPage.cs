namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>A page as input of a walk: jobs with creation times, newest first if the list is sorted.</summary>
/// <param name="Offset">The offset that was requested.</param>
/// <param name="Limit">The limit that was requested.</param>
/// <param name="Jobs">The jobs, as the server returned them.</param>
/// <param name="IsShort">Whether the page has fewer jobs than were requested and than the server has returned before.</param>
internal readonly record struct WalkPage(long Offset, int Limit, Job[] Jobs, bool IsShort)
{
    public int Count => Jobs.Length;

    public bool IsEmpty => Jobs.Length == 0;

    /// <summary>The offset after the last job.</summary>
    public long End => Offset + Jobs.Length;

    /// <summary>Whether each job has a creation time, and none is newer than the one before.</summary>
    public bool IsSortedByTime
    {
        get
        {
            long before = long.MaxValue;
            foreach (Job job in Jobs)
            {
                long time = job.Create.UtcTicks ?? long.MaxValue;
                if (time > before || time == long.MaxValue)
                {
                    return false;
                }

                before = time;
            }

            return true;
        }
    }

    /// <summary>The creation time of a job of a page that is sorted by time, in ticks.</summary>
    public long TimeAt(int index) => Jobs[index].Create.UtcTicks!.Value;

    /// <summary>The index of the first job that is not newer than a time; <see cref="Count"/> when all are newer.</summary>
    public int FirstNotNewerThan(long time)
    {
        int index = 0;
        while (index < Count && TimeAt(index) > time)
        {
            index++;
        }

        return index;
    }

    /// <summary>The index of the last job that is newer than a time; -1 when there is none.</summary>
    public int LastNewerThan(long time)
    {
        int index = Count - 1;
        while (index >= 0 && TimeAt(index) <= time)
        {
            index--;
        }

        return index;
    }

    /// <summary>The number of jobs on the page in its largest tie group. Only for a page that is sorted by time.</summary>
    public int CountLargestTieGroup()
    {
        int largest = 0;
        for (int first = 0, i = 0; i < Count; i++)
        {
            first = TimeAt(i) == TimeAt(first) ? first : i;
            largest = Math.Max(largest, i - first + 1);
        }

        return largest;
    }

    /// <summary>Whether a page contains the same jobs in the same order.</summary>
    public bool HasSameJobsAs(Job[]? others)
    {
        if (others is null || others.Length != Count)
        {
            return false;
        }

        for (int i = 0; i < Count; i++)
        {
            if (Jobs[i].TaskId != others[i].TaskId)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the first id that is duplicated on the page; null if there is none.</summary>
    /// <param name="once">A set whose content is replaced. All pages share it, because pages with ties often need a set.</param>
    public string? FindRepeatedTaskId(HashSet<string> once)
    {
        if (IsInOrderOfIds())
        {
            return null;
        }

        once.Clear();
        foreach (Job job in Jobs)
        {
            if (!once.Add(job.TaskId))
            {
                return job.TaskId;
            }
        }

        return null;
    }

    // Ids in strictly ascending or descending order are unique, so no set is needed.
    private bool IsInOrderOfIds()
    {
        int direction = 0;
        for (int i = 1; i < Count; i++)
        {
            int order = Math.Sign(string.CompareOrdinal(Jobs[i - 1].TaskId, Jobs[i].TaskId));
            if (order == 0 || order == -direction)
            {
                return false;
            }

            direction = order;
        }

        return true;
    }
}
