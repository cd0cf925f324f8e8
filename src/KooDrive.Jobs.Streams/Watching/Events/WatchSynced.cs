using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>The first picture is complete: every event about a job after this one is news.</summary>
[JsonConverter(typeof(JobEventJsonConverter<WatchSynced>))]
public sealed record WatchSynced : JobEvent
{
    private protected override JobEventKind KindCore => JobEventKind.Synced;
}
