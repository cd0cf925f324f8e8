using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Reads one value the tolerant way: text or number for either, null and empty for absent. A FormatException says, as the end of a
/// sentence that begins with the member's name, why it cannot.
/// </summary>
internal static class JsonValue
{
    // The longest text that can be a number or a time, escapes included: 20 characters of six bytes each.
    private const int LongestScalar = 120;

    public static string? ReadText(ref readonly Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String when json.ValueSpan.IsEmpty => null,
        JsonTokenType.String => json.GetString(),
        JsonTokenType.Number => Encoding.ASCII.GetString(json.ValueSpan),
        JsonTokenType.Null => null,
        _ => throw new FormatException("is neither text nor a number"),
    };

    /// <summary>Text, or the digits of a number exactly as they stand: an id does not fit a double.</summary>
    public static string? ReadId(ref readonly Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.Number && json.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw new FormatException("is a number that is not made of digits alone, so its exact value is lost");
        }

        return ReadText(in json);
    }

    public static int? ReadInt32(ref readonly Utf8JsonReader json) => ReadInt64(in json) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var value => (int)value,
        _ => throw new FormatException("is beyond the range of a 32-bit integer"),
    };

    public static long? ReadInt64(ref readonly Utf8JsonReader json)
    {
        ReadOnlySpan<byte> text = ReadScalar(in json, stackalloc byte[LongestScalar]);
        if (text.IsEmpty)
        {
            return null;
        }

        if (Utf8Parser.TryParse(text, out long value, out var consumed) && consumed == text.Length)
        {
            return value;
        }

        throw new FormatException(
            text.TrimStart((byte)'-').ContainsAnyExceptInRange((byte)'0', (byte)'9')
                ? "is not a whole number"
                : "is beyond the range of a 64-bit integer");
    }

    public static DateTimeOffset? ReadTime(ref readonly Utf8JsonReader json, ref TimestampReader times)
    {
        ReadOnlySpan<byte> text = ReadScalar(in json, stackalloc byte[LongestScalar]);
        return text.IsEmpty ? null : times.Read(text);
    }

    /// <summary>The characters of a number or a text, without a string; empty for null.</summary>
    private static ReadOnlySpan<byte> ReadScalar(ref readonly Utf8JsonReader json, Span<byte> buffer)
    {
        if (json.TokenType is JsonTokenType.Null)
        {
            return default;
        }

        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            throw new FormatException("is neither text nor a number");
        }

        if (json.ValueSpan.Length > buffer.Length)
        {
            throw new FormatException("is too long for a number or a time");
        }

        json.ValueSpan.CopyTo(buffer);
        return json.ValueIsEscaped ? buffer[..json.CopyString(buffer)] : buffer[..json.ValueSpan.Length];
    }
}
