using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>A job whose status or result differs from the previous observation.</summary>
/// <remarks>
/// <see cref="JobChange.Previous"/> has the same task id as <see cref="JobChange.Job"/>. It is null only for a job that finished so long ago that the watch
/// evicted it, and that reappeared unfinished.
/// </remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobChanged>))]
public sealed record JobChanged : JobChange
{
    private protected override JobEventKind KindCore => JobEventKind.Changed;

    private protected override string? FindFault(Job job, Job previous) => job.TaskId == previous.TaskId
        ? null
        : $"The previous state belongs to job {SafeText.Id(previous.TaskId)}, not to job {SafeText.Id(job.TaskId)}. Set two states of the same job.";
}
