using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A job whose status or result differs from the last look.</summary>
/// <remarks>
/// <see cref="JobChange.Previous"/> has the same task id as <see cref="JobChange.Job"/>. It is null for one job only: one that had finished so long ago
/// that the watch had let it go, and that came back unfinished.
/// </remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobChanged>))]
public sealed record JobChanged : JobChange
{
    private protected override JobEventKind KindCore => JobEventKind.Changed;

    private protected override string? FindFault(Job job, Job previous) => job.TaskId == previous.TaskId
        ? null
        : $"The previous state is of job {previous.TaskId}, not of job {job.TaskId}. Set two states of the same job.";
}
