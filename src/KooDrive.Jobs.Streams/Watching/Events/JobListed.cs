using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A job that was there when the watch, or this subscription, began: history, not news. Comes before <see cref="WatchSynced"/>.</summary>
[JsonConverter(typeof(JobEventJsonConverter<JobListed>))]
public sealed record JobListed : JobEvent
{
    /// <summary>The job as it was found.</summary>
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
