using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>How the state of a checkpoint is written: the converter is made at compile time, for which no reflection is needed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(KnownJobConverter), typeof(RecentJobConverter), typeof(TimeConverter)])]
[JsonSerializable(typeof(TrackerState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
