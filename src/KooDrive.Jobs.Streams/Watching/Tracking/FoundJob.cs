namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job in the list, and its position.</summary>
/// <param name="Key">The key of the job.</param>
/// <param name="Job">The job.</param>
/// <param name="Place">The number of jobs before it.</param>
internal readonly record struct FoundJob(JobKey Key, Job Job, long Place)
{
    /// <summary>When the job was created, in ticks of UTC: such numbers can be added without overflow. Null when that is not known.</summary>
    public long? Time => Job.CreateTime?.UtcTicks;
}
