using System.Text.Json;
using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>Writes a job of a checkpoint as an array, <c>["id",status,result,place]</c>: there can be thousands.</summary>
internal sealed class KnownJobConverter : JsonConverter<KnownJob>
{
    public override KnownJob Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Expect(reader.TokenType is JsonTokenType.StartArray);
        Expect(reader.Read() && reader.TokenType is JsonTokenType.String);
        var taskId = reader.GetString()!;
        var status = ReadNumber(ref reader);
        var result = ReadNumber(ref reader);
        Expect(reader.Read() && reader.TokenType is JsonTokenType.Number);
        var place = reader.GetInt64();
        Expect(reader.Read() && reader.TokenType is JsonTokenType.EndArray);
        return new KnownJob(taskId, (JobStatus?)status, (JobResult?)result, place);
    }

    public override void Write(Utf8JsonWriter writer, KnownJob value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.TaskId);
        WriteNumber(writer, (int?)value.Status);
        WriteNumber(writer, (int?)value.Result);
        writer.WriteNumberValue(value.Place);
        writer.WriteEndArray();
    }

    private static int? ReadNumber(ref Utf8JsonReader reader)
    {
        Expect(reader.Read() && reader.TokenType is JsonTokenType.Number or JsonTokenType.Null);
        return reader.TokenType is JsonTokenType.Null ? null : reader.GetInt32();
    }

    private static void WriteNumber(Utf8JsonWriter writer, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw new JsonException("A job is [id, status, result, place].");
        }
    }
}
