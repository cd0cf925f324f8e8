using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>How the state of a checkpoint is written: the converter is made at compile time, for which no reflection is needed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SavedJobConverter), typeof(RecentJobConverter), typeof(TimeConverter)])]
[JsonSerializable(typeof(TrackerState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

/// <summary>Writes a time of a checkpoint as seconds since 1970.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new CheckpointValues("A time is a number of seconds since 1970.").GetTime(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => CheckpointValues.WriteTime(writer, value);
}
