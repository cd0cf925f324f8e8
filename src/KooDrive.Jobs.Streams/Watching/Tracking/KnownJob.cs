namespace KooDrive.Jobs.Streams;

/// <summary>What a checkpoint keeps of a job.</summary>
/// <param name="TaskId">The task id.</param>
/// <param name="Status">The status last told.</param>
/// <param name="Result">The result last told.</param>
/// <param name="Place">How many jobs stood above it, about.</param>
internal sealed record KnownJob(string TaskId, JobStatus? Status, JobResult? Result, long Place);
