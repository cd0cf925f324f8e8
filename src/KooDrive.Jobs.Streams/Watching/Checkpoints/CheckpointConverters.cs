using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>
/// Converts a job of a checkpoint to and from an array, <c>["id",status,result,created,position]</c>, because there can be thousands. Two more elements, a
/// status and a result, are a regression that awaits a second observation; one more is the number of polls that missed the job.
/// </summary>
internal sealed class SavedJobConverter : JsonConverter<SavedJob>
{
    public override SavedJob Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = new CheckpointValues("A job is [id, status, result, created, position], then [status, result] or [misses] or nothing.");
        string taskId = values.ReadTaskId(ref reader);
        JobState state = ReadState(ref reader, values);
        DateTimeOffset? createTime = values.ReadTime(ref reader);
        values.Expect(reader.Read() && reader.TokenType is JsonTokenType.Number);
        values.Expect(reader.TryGetInt64(out long position) && position >= 0);
        var saved = new SavedJob(taskId, state.Status, state.Result, createTime, position);
        values.Expect(reader.Read());
        if (reader.TokenType is JsonTokenType.EndArray)
        {
            return saved;
        }

        int? first = values.GetNumber(ref reader);
        values.Expect(reader.Read());
        if (reader.TokenType is JsonTokenType.EndArray)
        {
            values.Expect(first is >= 0 and <= byte.MaxValue);
            return saved with { MissCount = (byte)first! };
        }

        int? second = values.GetNumber(ref reader);
        values.ReadEnd(ref reader);
        return saved with { Regressed = new JobState((JobStatus?)first, (JobResult?)second) };
    }

    public override void Write(Utf8JsonWriter writer, SavedJob value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.TaskId);
        WriteState(writer, new JobState(value.Status, value.Result));
        CheckpointValues.WriteTime(writer, value.CreateTime);
        writer.WriteNumberValue(value.Position);
        if (value.Regressed is { } regressed)
        {
            WriteState(writer, regressed);
        }
        else if (value.MissCount > 0)
        {
            writer.WriteNumberValue(value.MissCount);
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

/// <summary>Writes a time of a checkpoint as seconds since 1970.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new CheckpointValues("A time is a number of seconds since 1970.").GetTime(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => CheckpointValues.WriteTime(writer, value);
}
