using System.Globalization;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>Writes and reads members that may be absent. A null counts as absent.</summary>
/// <remarks>The serializer converts the exceptions that a <see cref="Utf8JsonReader"/> throws for values of another kind to a <see cref="JsonException"/>.</remarks>
internal static class JsonMembers
{
    public static void WriteIfPresent(this Utf8JsonWriter json, JsonEncodedText name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void WriteIfPresent(this Utf8JsonWriter json, JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public static void WriteIfPresent(this Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            json.WriteString(name, time);
        }
    }

    /// <summary>Writes a coded value as its number and, where the number is known, by name.</summary>
    public static void WriteCode<T>(this Utf8JsonWriter json, JsonEncodedText codeName, JsonEncodedText nameName, T? value)
        where T : struct, Enum
    {
        if (value is { } code)
        {
            json.WriteNumber(codeName, Convert.ToInt32(code, CultureInfo.InvariantCulture));
            if (CodeNames<T>.TryGetName(code, out JsonEncodedText name))
            {
                json.WriteString(nameName, name);
            }
        }
    }

    /// <summary>Writes a duration as seconds, exact to the tick.</summary>
    public static void WriteSeconds(this Utf8JsonWriter json, JsonEncodedText name, TimeSpan value) =>
        json.WriteNumber(name, (decimal)value.Ticks / TimeSpan.TicksPerSecond);

    public static string? ReadText(this ref Utf8JsonReader json) => json.MoveToValue() ? json.GetString() : null;

    public static int? ReadInt32(this ref Utf8JsonReader json) => json.MoveToValue() ? json.GetInt32() : null;

    public static long? ReadInt64(this ref Utf8JsonReader json) => json.MoveToValue() ? json.GetInt64() : null;

    public static DateTimeOffset? ReadTime(this ref Utf8JsonReader json) => json.MoveToValue() ? GetTime(in json) : null;

    /// <summary>Returns the time that the reader is at.</summary>
    public static DateTimeOffset GetTime(ref readonly Utf8JsonReader json)
    {
        // Without an offset, the serializer would use the time zone of this machine.
        string text = json.GetString()!;
        return text.AsSpan(text.IndexOf('T', StringComparison.Ordinal) + 1).ContainsAny('Z', '+', '-') && text.Contains('T', StringComparison.Ordinal)
            ? json.GetDateTimeOffset()
            : throw new JsonException("A time must be in ISO 8601 with an offset, such as 2023-12-27T15:19:04+00:00.");
    }

    public static TimeSpan? ReadSeconds(this ref Utf8JsonReader json)
    {
        if (!json.MoveToValue())
        {
            return null;
        }

        decimal seconds = json.GetDecimal();
        return Math.Abs(seconds) <= (decimal)TimeSpan.MaxValue.TotalSeconds / 2
            ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new JsonException("A duration in seconds is out of range.");
    }

    /// <summary>Skips the value of a member. Works for a reader that does not have the whole document, unlike <see cref="Utf8JsonReader.Skip"/>.</summary>
    public static void SkipMemberValue(this ref Utf8JsonReader json)
    {
        json.Read();
        json.TrySkip();
    }

    /// <summary>Moves from the name of a member to its value. False for null.</summary>
    public static bool MoveToValue(this ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType is not JsonTokenType.Null;
    }
}
