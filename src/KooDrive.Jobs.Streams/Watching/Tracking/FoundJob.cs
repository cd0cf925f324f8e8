namespace KooDrive.Jobs.Streams;

/// <summary>A job in the list, and what stood around it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Job">The job.</param>
/// <param name="Place">How many jobs stood above it.</param>
/// <param name="Above">The job right above it; the default where that was not seen.</param>
/// <param name="Below">The job right below it; the default where that was not seen.</param>
internal readonly record struct FoundJob(JobKey Key, Job Job, long Place, JobKey Above, JobKey Below);
