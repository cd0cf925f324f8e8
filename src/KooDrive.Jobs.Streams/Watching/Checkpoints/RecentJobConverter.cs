using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>Writes a remembered job of a checkpoint as an array, <c>["id",created]</c>.</summary>
internal sealed class RecentJobConverter : JsonConverter<RecentJob>
{
    public override RecentJob Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = new CheckpointValues("A remembered job is [id, created].");
        var job = new RecentJob(values.ReadTaskId(ref reader), values.ReadTime(ref reader));
        values.ReadEnd(ref reader);
        return job;
    }

    public override void Write(Utf8JsonWriter writer, RecentJob value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.TaskId);
        CheckpointValues.WriteTime(writer, value.CreateTime);
        writer.WriteEndArray();
    }
}
