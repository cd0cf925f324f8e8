namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>What a checkpoint keeps of a job.</summary>
/// <param name="TaskId">The task id.</param>
/// <param name="Status">The status last published.</param>
/// <param name="Result">The result last published.</param>
/// <param name="CreateTime">When it was created.</param>
/// <param name="Place">The number of jobs before it, about; not negative.</param>
internal sealed record KnownJob(string TaskId, JobStatus? Status, JobResult? Result, DateTimeOffset? CreateTime = null, long Place = 0)
{
    /// <summary>The state to which it went back at the last poll, which the next one publishes if it is confirmed; else null.</summary>
    public JobState? Regressed { get; init; }

    /// <summary>Whether the job reappeared at the last poll and nothing of it was published yet.</summary>
    public bool IsUnconfirmed => Regressed is { } regressed && regressed == new JobState(Status, Result);

    public Job ToJob() => new() { TaskId = TaskId, Status = Status, Result = Result, CreateTime = CreateTime };
}
