namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job that is tracked between polls.</summary>
internal sealed class TrackedJob
{
    /// <summary>The last published state; only the id, status, result and creation time for a restored job that was not observed since.</summary>
    public required Job Job { get; set; }

    /// <summary>
    /// The position, which is the number of jobs before this job, minus the number by which the list has grown at its head. New jobs change the position of every
    /// job and no relative position.
    /// </summary>
    public required long RelativePosition { get; set; }

    /// <summary>
    /// The last observed state if it is a regression, which is published only after a second poll has observed it too. Null otherwise.
    /// </summary>
    public Job? Regressed { get; set; }

    /// <summary>Whether the job reappeared unfinished after its eviction, which is published only after a second poll has confirmed it.</summary>
    public bool IsUnconfirmed { get; init; }

    /// <summary>The number of consecutive completed polls that read the position where the job must be and did not observe it.</summary>
    public byte MissCount { get; set; }

    /// <summary>Whether this process has observed the job; false for a restored job at first.</summary>
    public bool WasObserved { get; set; }

    /// <summary>Whether more jobs than a page holds were created at about the same time, so that its position cannot be found by time.</summary>
    public bool IsCrowded { get; set; }

    /// <summary>Whether the job is no longer tracked. Belongs to <see cref="JobsByAge"/>.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Whether the job is in a list of <see cref="JobsByAge"/>, to which the property belongs.</summary>
    public bool IsListed { get; set; }

    /// <summary>The job before this job in <see cref="FinishedJobs"/>, to which the property belongs.</summary>
    public TrackedJob? PreviousFinished { get; set; }

    /// <summary>The job after this job in <see cref="FinishedJobs"/>, to which the property belongs.</summary>
    public TrackedJob? NextFinished { get; set; }

    /// <summary>The creation time in ticks of UTC; null when it is not known.</summary>
    public long? Time => Job.Create.UtcTicks;

    /// <summary>Updates the state, and the position if it was observed.</summary>
    /// <param name="job">The observed state.</param>
    /// <param name="position">The position; null when it was not observed.</param>
    /// <param name="growth">The number by which the list has grown at its head.</param>
    /// <returns>Whether anything differs from before.</returns>
    public bool Update(Job job, long? position, long growth)
    {
        (Job Job, Job? Regressed, byte MissCount, bool WasObserved, long RelativePosition) before = (Job, Regressed, MissCount, WasObserved, RelativePosition);

        // An equal state keeps the instance that the snapshot contains.
        Job = job == Job ? Job : job;
        Regressed = null;
        Locate(position, growth);
        return !ReferenceEquals(Job, before.Job) || !ReferenceEquals(Regressed, before.Regressed)
            || (MissCount, WasObserved, RelativePosition) != (before.MissCount, before.WasObserved, before.RelativePosition);
    }

    /// <summary>Keeps a regression, which is published only after a second poll has confirmed it.</summary>
    public void HoldRegression(Job job, long? position, long growth)
    {
        Job = WasObserved ? Job : job with { Status = Job.Status, Result = Job.Result };
        Regressed = job;
        Locate(position, growth);
    }

    /// <summary>
    /// Compares by age, older first: by creation time, and within a second by position. Positions of jobs that were not observed in the whole list are estimates.
    /// </summary>
    public static int CompareAge(TrackedJob one, TrackedJob other)
    {
        int byTime = Nullable.Compare(one.Time, other.Time);
        return byTime != 0 ? byTime : other.RelativePosition.CompareTo(one.RelativePosition);
    }

    public static TrackedJob Restore(SavedJob saved) => new()
    {
        Job = saved.ToJob(),
        RelativePosition = saved.Position,
        Regressed = saved.Regressed is { } regressed ? saved.ToJob() with { Status = regressed.Status, Result = regressed.Result } : null,
        IsUnconfirmed = saved.IsUnconfirmed,
        MissCount = saved.MissCount,
    };

    private void Locate(long? position, long growth)
    {
        MissCount = 0;
        WasObserved = true;
        RelativePosition = position - growth ?? RelativePosition;
    }
}

/// <summary>The observation of a tracked job by a poll.</summary>
/// <param name="Tracked">The tracked job.</param>
/// <param name="Job">The observed state.</param>
/// <param name="Position">The position in the list; null after an observation in a filtered list.</param>
internal readonly record struct Observation(TrackedJob Tracked, Job Job, long? Position);

/// <summary>The part of a job whose changes are published: the status and the result.</summary>
internal readonly record struct JobState(JobStatus? Status, JobResult? Result)
{
    public static JobState Of(Job job) => new(job.Status, job.Result);

    /// <summary>Whether a change is a regression, which a lagging replica can cause too.</summary>
    public static bool IsRegression(Job before, Job now) =>
        JobChange.IsStatusRegression(before, now) || (before.Status == now.Status && before.Result is not null && now.Result is null);
}
