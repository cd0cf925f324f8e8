using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>
/// Writes a job of a checkpoint as an array, <c>["id",status,result,created,position]</c>, because there can be thousands; two more elements, a status and
/// a result, are the state to which it went back, which awaits a second observation.
/// </summary>
internal sealed class KnownJobConverter : JsonConverter<KnownJob>
{
    public override KnownJob Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = new CheckpointValues("A job is [id, status, result, created, position] or [id, status, result, created, position, status, result].");
        var taskId = values.ReadTaskId(ref reader);
        var state = ReadState(ref reader, values);
        var createTime = values.ReadTime(ref reader);
        values.Expect(reader.Read() && reader.TokenType is JsonTokenType.Number);
        values.Expect(reader.TryGetInt64(out var place) && place >= 0);
        JobState? regressed = null;
        values.Expect(reader.Read());
        if (reader.TokenType is not JsonTokenType.EndArray)
        {
            regressed = new JobState((JobStatus?)values.GetNumber(ref reader), (JobResult?)values.ReadNumber(ref reader));
            values.ReadEnd(ref reader);
        }

        return new KnownJob(taskId, state.Status, state.Result, createTime, place) { Regressed = regressed };
    }

    public override void Write(Utf8JsonWriter writer, KnownJob value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.TaskId);
        WriteState(writer, new JobState(value.Status, value.Result));
        CheckpointValues.WriteTime(writer, value.CreateTime);
        writer.WriteNumberValue(value.Place);
        if (value.Regressed is { } regressed)
        {
            WriteState(writer, regressed);
        }

        writer.WriteEndArray();
    }

    private static JobState ReadState(ref Utf8JsonReader reader, CheckpointValues values) =>
        new((JobStatus?)values.ReadNumber(ref reader), (JobResult?)values.ReadNumber(ref reader));

    private static void WriteState(Utf8JsonWriter writer, JobState state)
    {
        CheckpointValues.WriteNumber(writer, (int?)state.Status);
        CheckpointValues.WriteNumber(writer, (int?)state.Result);
    }
}
