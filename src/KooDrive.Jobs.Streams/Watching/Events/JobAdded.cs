using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>A job that was not on the list at the previous poll.</summary>
/// <remarks><see cref="JobChange.Previous"/> is null.</remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobAdded>))]
public sealed record JobAdded : JobChange
{
    /// <inheritdoc/>
    public override bool JustFinished => Job.IsFinished;

    private protected override JobEventKind KindCore => JobEventKind.Added;

    private protected override string FindFault(Job job, Job previous) =>
        $"Job {SafeText.Id(job.TaskId)} was added, so it has no previous state. Use {nameof(JobChanged)} for a job that was listed before.";
}
