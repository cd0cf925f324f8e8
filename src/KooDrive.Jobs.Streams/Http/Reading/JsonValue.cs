using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads one value the tolerant way: text or number for either, null and empty for absent. A value of another kind is invalid: the method returns
/// false, and the value is absent.
/// </summary>
internal static class JsonValue
{
    // The longest text that can be a number or a time, escapes included: 20 characters of six bytes each.
    private const int LongestScalar = 120;

    public static bool TryReadText(ref readonly Utf8JsonReader json, out string? text)
    {
        text = json.TokenType switch
        {
            JsonTokenType.String when !json.ValueSpan.IsEmpty => JsonText.Read(in json),
            JsonTokenType.Number => Encoding.ASCII.GetString(json.ValueSpan),
            _ => null,
        };
        return IsScalar(in json);
    }

    /// <summary>Text, or the digits of a number exactly as they are: an id does not fit a double. Nothing about it may be wrong.</summary>
    /// <exception cref="FormatException">The end of a sentence that begins with the member's name, and says why the value is not an id.</exception>
    public static string? ReadId(ref readonly Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.Number && json.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw new FormatException("is a number that is not made of digits alone, so its exact value is lost");
        }

        if (json.TokenType is JsonTokenType.String && !json.ValueSpan.IsEmpty)
        {
            // Not with replaced characters: two ids could become one.
            return json.GetString();
        }

        return TryReadText(in json, out string? id) ? id : throw new FormatException("is neither text nor a number");
    }

    public static bool TryReadInt32(ref readonly Utf8JsonReader json, out int? value)
    {
        var isRead = TryReadInt64(in json, out long? number) && number is null or (>= int.MinValue and <= int.MaxValue);
        value = isRead ? (int?)number : null;
        return isRead;
    }

    public static bool TryReadInt64(ref readonly Utf8JsonReader json, out long? value)
    {
        value = null;
        if (!TryReadScalar(in json, stackalloc byte[LongestScalar], out ReadOnlySpan<byte> text))
        {
            return false;
        }

        if (!text.IsEmpty)
        {
            if (!Utf8Parser.TryParse(text, out long number, out var consumed) || consumed != text.Length)
            {
                return false;
            }

            value = number;
        }

        return true;
    }

    public static bool TryReadTime(ref readonly Utf8JsonReader json, ref TimestampReader times, out DateTimeOffset? value)
    {
        value = null;
        return TryReadScalar(in json, stackalloc byte[LongestScalar], out ReadOnlySpan<byte> text) && (text.IsEmpty || times.TryRead(text, out value));
    }

    /// <summary>The characters of a number or a text, without a string; empty for null.</summary>
    private static bool TryReadScalar(ref readonly Utf8JsonReader json, Span<byte> buffer, out ReadOnlySpan<byte> characters)
    {
        characters = default;
        if (!IsScalar(in json) || json.ValueSpan.Length > buffer.Length)
        {
            return false;
        }

        if (json.TokenType is not JsonTokenType.Null)
        {
            // Unescaped text is never longer.
            characters = json.ValueIsEscaped ? buffer[..Encoding.UTF8.GetBytes(JsonText.Read(in json), buffer)] : Copy(json.ValueSpan, buffer);
        }

        return true;
    }

    private static ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> source, Span<byte> buffer)
    {
        source.CopyTo(buffer);
        return buffer[..source.Length];
    }

    private static bool IsScalar(ref readonly Utf8JsonReader json) =>
        json.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;
}
