namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>What changes of a job are published: its status and its result.</summary>
internal readonly record struct JobState(JobStatus? Status, JobResult? Result)
{
    public static JobState Of(Job job) => new(job.Status, job.Result);

    /// <summary>Whether a job went back from one state to another, as it seems to when a lagging replica responds.</summary>
    public static bool IsRegression(Job before, Job now) =>
        JobChange.IsStatusRegression(before, now) || (before.Status == now.Status && before.Result is not null && now.Result is null);
}
