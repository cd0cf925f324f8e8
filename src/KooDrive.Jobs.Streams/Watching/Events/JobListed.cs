using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A job of the initial snapshot of a watch, or of the snapshot of a subscription.</summary>
/// <remarks>Published before <see cref="WatchSynced"/>.</remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobListed>))]
public sealed record JobListed : JobEvent
{
    /// <summary>The observed state of the job.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public required Job Job
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Job));
            field = value;
        }
    }

    private protected override JobEventKind KindCore => JobEventKind.Snapshot;
}
