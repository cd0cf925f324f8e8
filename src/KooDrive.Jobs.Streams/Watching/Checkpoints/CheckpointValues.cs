using System.Text.Json;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>Reads and writes the values of a checkpoint's arrays.</summary>
/// <param name="expected">The format of the array, for the message of an error.</param>
internal readonly struct CheckpointValues(string expected)
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;

    /// <exception cref="JsonException">The condition does not hold.</exception>
    public void Expect(bool condition)
    {
        if (!condition)
        {
            throw new JsonException(expected);
        }
    }

    public string ReadTaskId(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType is JsonTokenType.StartArray);
        Expect(reader.Read() && reader.TokenType is JsonTokenType.String);
        string taskId = reader.GetString()!;
        Expect(taskId.Length > 0);
        return taskId;
    }

    public void ReadEnd(ref Utf8JsonReader reader) => Expect(reader.Read() && reader.TokenType is JsonTokenType.EndArray);

    public int? ReadNumber(ref Utf8JsonReader reader)
    {
        Expect(reader.Read());
        return GetNumber(ref reader);
    }

    public int? GetNumber(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        Expect(reader.TokenType is JsonTokenType.Number);
        Expect(reader.TryGetInt32(out int number));
        return number;
    }

    public DateTimeOffset? ReadTime(ref Utf8JsonReader reader)
    {
        Expect(reader.Read());
        return reader.TokenType is JsonTokenType.Null ? null : GetTime(ref reader);
    }

    public DateTimeOffset GetTime(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType is JsonTokenType.Number);
        Expect(reader.TryGetDecimal(out decimal seconds) && Math.Abs(seconds) < 300_000_000_000);
        long ticks = (long)(seconds * TimeSpan.TicksPerSecond) + UnixEpochTicks;
        Expect(ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    public static void WriteNumber(Utf8JsonWriter writer, int? value)
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

    public static void WriteTime(Utf8JsonWriter writer, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            // Without trailing zeros, and exact to a tick.
            writer.WriteNumberValue((time.UtcTicks - UnixEpochTicks) / (decimal)TimeSpan.TicksPerSecond);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
