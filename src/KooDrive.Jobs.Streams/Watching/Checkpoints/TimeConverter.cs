using System.Text.Json;
using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>Writes a time of a checkpoint as seconds since 1970.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new CheckpointValues("A time is a number of seconds since 1970.").GetTime(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => CheckpointValues.WriteTime(writer, value);
}
