using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>The end of the initial snapshot: later events about jobs are changes.</summary>
[JsonConverter(typeof(JobEventJsonConverter<WatchSynced>))]
public sealed record WatchSynced : JobEvent
{
    private protected override JobEventKind KindCore => JobEventKind.Synced;
}
