namespace KooDrive.Jobs.Streams;

/// <summary>A job that is remembered between polls.</summary>
internal sealed class TrackedJob
{
    /// <summary>The job as last seen; of a restored one that was not seen since, the id, status and result alone.</summary>
    public required Job Job { get; set; }

    /// <summary>
    /// Its place, the number of jobs above it, less the number by which the list has grown at its head. New jobs change every job's place
    /// and no job's rank.
    /// </summary>
    public required long Rank { get; set; }

    /// <summary>The job that last stood right above it; the default where that is not known. Relative order stays, so this tells where it must be.</summary>
    public JobKey Above { get; set; }

    /// <summary>The job that last stood right below it; the default where that is not known.</summary>
    public JobKey Below { get; set; }

    /// <summary>How many completed polls in a row looked where it must be and did not see it.</summary>
    public int Missed { get; set; }

    /// <summary>Whether this process has seen it: not yet for a restored one.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Whether it is no longer remembered: belongs to <see cref="JobsByAge"/>.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether it is among the jobs by age, forgotten ones that were not yet left out included: belongs to <see cref="JobsByAge"/>.</summary>
    public bool IsListed { get; set; }

    /// <summary>Takes over how the job is, and where it stands as far as that was seen.</summary>
    /// <param name="job">The job.</param>
    /// <param name="found">Where it stood; null when that was not seen.</param>
    /// <param name="growth">By how much the list has grown at its head.</param>
    /// <returns>Whether anything is other than before.</returns>
    public bool Update(Job job, FoundJob? found, long growth)
    {
        (Job Job, int Missed, bool WasSeen, long Rank, JobKey Above, JobKey Below) before = (Job, Missed, WasSeen, Rank, Above, Below);

        // Of two equal ones the older stays, which the snapshot holds too.
        Job = job == Job ? Job : job;
        Missed = 0;
        WasSeen = true;
        if (found is { } where)
        {
            Rank = where.Place - growth;
            Above = where.Above == default ? Above : where.Above;
            Below = where.Below == default ? Below : where.Below;
        }

        return !ReferenceEquals(Job, before.Job)
            || (Missed, WasSeen, Rank, Above, Below) != (before.Missed, before.WasSeen, before.Rank, before.Above, before.Below);
    }

    /// <summary>
    /// Compares by age, older first: by time of creation, and within a second by place. Places alone would not do, because those of jobs that
    /// were not seen in the list itself are estimates.
    /// </summary>
    public static int CompareAge(TrackedJob one, TrackedJob other)
    {
        int byTime = Nullable.Compare(one.Job.CreateTime, other.Job.CreateTime);
        return byTime != 0 ? byTime : other.Rank.CompareTo(one.Rank);
    }

    public static TrackedJob Restore(KnownJob known) => new()
    {
        Job = new Job { TaskId = known.TaskId, Status = known.Status, Result = known.Result },
        Rank = known.Place,
    };
}
