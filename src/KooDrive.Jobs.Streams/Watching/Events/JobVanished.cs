using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>A job that two consecutive completed polls did not observe at its position.</summary>
/// <remarks>
/// <see cref="JobChange.Job"/> and <see cref="JobChange.Previous"/> are both the last observed state; <see cref="JobChange.Previous"/> need not be set.
/// </remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobVanished>))]
public sealed record JobVanished : JobChange
{
    /// <summary>Always false, because the outcome of the job is not known.</summary>
    public override bool JustFinished => false;

    private protected override JobEventKind KindCore => JobEventKind.Vanished;

    private protected override Job? DefaultPrevious => Job;

    private protected override string? FindFault(Job job, Job previous) => job == previous
        ? null
        : $"Job {SafeText.Id(job.TaskId)} vanished, so its previous state is its last observed state. Leave {nameof(Previous)} out, or set it to the same job.";
}
