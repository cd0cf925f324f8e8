namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job in a checkpoint.</summary>
/// <param name="TaskId">The task id.</param>
/// <param name="Status">The status last published.</param>
/// <param name="Result">The result last published.</param>
/// <param name="CreateTime">The creation time.</param>
/// <param name="Position">The estimated number of jobs before the job, 0 or more.</param>
internal sealed record SavedJob(string TaskId, JobStatus? Status, JobResult? Result, DateTimeOffset? CreateTime = null, long Position = 0)
{
    /// <summary>The regression that the last poll observed, which the next poll publishes if it confirms it; else null.</summary>
    public JobState? Regressed { get; init; }

    /// <summary>See <see cref="TrackedJob.MissCount"/>.</summary>
    public byte MissCount { get; init; }

    /// <summary>Whether the job reappeared at the last poll, which was not published yet.</summary>
    public bool IsUnconfirmed => Regressed is { } regressed && regressed == new JobState(Status, Result);

    public Job ToJob() => new() { TaskId = TaskId, Status = Status, Result = Result, CreateTime = CreateTime };
}
