namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job that is tracked between polls.</summary>
internal sealed class TrackedJob
{
    /// <summary>The job as last published; of a restored one that was not observed since, the id, status, result and creation time alone.</summary>
    public required Job Job { get; set; }

    /// <summary>
    /// Its position, the number of jobs before it, less the number by which the list has grown at its head. New jobs change the position of every job
    /// and the rank of none.
    /// </summary>
    public required long Rank { get; set; }

    /// <summary>
    /// The job as last observed, when its status or result went back: a lagging replica is not a change, so a second poll must observe it too before it
    /// is published. Null otherwise.
    /// </summary>
    public Job? Regressed { get; set; }

    /// <summary>Whether the job reappeared unfinished after it was evicted, which a second poll must confirm: nothing of it was published yet.</summary>
    public bool IsUnconfirmed { get; init; }

    /// <summary>The number of consecutive completed polls that read the position where the job must be and did not observe it.</summary>
    public int Missed { get; set; }

    /// <summary>Whether this process has observed it: not yet for a restored one.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Whether more jobs than a page holds were created at about the same time, so that its position cannot be found by time.</summary>
    public bool IsCrowded { get; set; }

    /// <summary>Whether it is no longer tracked: belongs to <see cref="JobsByAge"/>.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether it is among the jobs by age, evicted ones that were not yet removed included: belongs to <see cref="JobsByAge"/>.</summary>
    public bool IsListed { get; set; }

    /// <summary>When the job was created, in ticks of UTC; null when that is not known.</summary>
    public long? Time => Job.CreateTime?.UtcTicks;

    /// <summary>Takes over how the job is, and its position as far as that was observed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="found">Its position; null when that was not observed.</param>
    /// <param name="growth">The number by which the list has grown at its head.</param>
    /// <returns>Whether anything differs from before.</returns>
    public bool Update(Job job, FoundJob? found, long growth)
    {
        (Job Job, Job? Regressed, int Missed, bool WasSeen, long Rank) before = (Job, Regressed, Missed, WasSeen, Rank);

        // Of two equal ones the older stays, which the snapshot holds too.
        Job = job == Job ? Job : job;
        Regressed = null;
        Locate(found, growth);
        return !ReferenceEquals(Job, before.Job) || !ReferenceEquals(Regressed, before.Regressed)
            || (Missed, WasSeen, Rank) != (before.Missed, before.WasSeen, before.Rank);
    }

    /// <summary>Takes over an observation that is published only when a second poll confirms it.</summary>
    public void Suspect(Job job, FoundJob? found, long growth)
    {
        Job = WasSeen ? Job : job with { Status = Job.Status, Result = Job.Result };
        Regressed = job;
        Locate(found, growth);
    }

    /// <summary>
    /// Compares by age, older first: by time of creation, and within a second by position. Positions alone would not do, because those of jobs that
    /// were not observed in the list itself are estimates.
    /// </summary>
    public static int CompareAge(TrackedJob one, TrackedJob other)
    {
        int byTime = Nullable.Compare(one.Job.CreateTime, other.Job.CreateTime);
        return byTime != 0 ? byTime : other.Rank.CompareTo(one.Rank);
    }

    public static TrackedJob Restore(KnownJob known) => new()
    {
        Job = known.ToJob(),
        Rank = known.Place,
        Regressed = known.Regressed is { } regressed ? known.ToJob() with { Status = regressed.Status, Result = regressed.Result } : null,
        IsUnconfirmed = known.IsUnconfirmed,
    };

    private void Locate(FoundJob? found, long growth)
    {
        Missed = 0;
        WasSeen = true;
        if (found is { } where)
        {
            Rank = where.Place - growth;
        }
    }
}
