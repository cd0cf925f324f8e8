namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job that a checkpoint keeps only in order that it is not taken for a new one.</summary>
/// <param name="TaskId">The task id.</param>
/// <param name="CreateTime">When it was created.</param>
internal sealed record RecentJob(string TaskId, DateTimeOffset? CreateTime);
