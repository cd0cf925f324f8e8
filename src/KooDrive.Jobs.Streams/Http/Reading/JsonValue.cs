using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads a value tolerantly: text and numbers are interchangeable, null and empty text are absent. A value of another kind is invalid: the method
/// returns false, and the value is absent.
/// </summary>
internal static class JsonValue
{
    // The maximum length of a number or a time, including escapes: 20 characters of six bytes.
    private const int MaxScalarLength = 120;

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

    /// <summary>Reads an id: text, or the digits of a number unchanged, because an id exceeds the precision of a double.</summary>
    /// <exception cref="FormatException">The value is not an id. The message is the end of a sentence that starts with the name of the member.</exception>
    public static string? ReadId(ref readonly Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.Number && json.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw new FormatException("is a number that does not consist of digits");
        }

        if (json.TokenType is JsonTokenType.String && !json.ValueSpan.IsEmpty)
        {
            // Without replacement of invalid characters, which could make two ids equal.
            return json.GetString();
        }

        return TryReadText(in json, out string? id) ? id : throw new FormatException("is neither text nor a number");
    }

    public static bool TryReadInt32(ref readonly Utf8JsonReader json, out int? value)
    {
        bool isRead = TryReadInt64(in json, out long? number) && number is null or (>= int.MinValue and <= int.MaxValue);
        value = isRead ? (int?)number : null;
        return isRead;
    }

    public static bool TryReadInt64(ref readonly Utf8JsonReader json, out long? value)
    {
        value = null;
        if (!TryReadScalar(in json, stackalloc byte[MaxScalarLength], out ReadOnlySpan<byte> text))
        {
            return false;
        }

        if (!text.IsEmpty)
        {
            if (!Utf8Parser.TryParse(text, out long number, out int consumed) || consumed != text.Length)
            {
                return false;
            }

            value = number;
        }

        return true;
    }

    public static bool TryReadTime(ref readonly Utf8JsonReader json, ref TimestampReader times, out JobTime value)
    {
        value = default;
        return TryReadScalar(in json, stackalloc byte[MaxScalarLength], out ReadOnlySpan<byte> text) && (text.IsEmpty || times.TryRead(text, out value));
    }

    /// <summary>Gets the characters of a number or a text without allocation; empty for null.</summary>
    private static bool TryReadScalar(ref readonly Utf8JsonReader json, Span<byte> buffer, out ReadOnlySpan<byte> characters)
    {
        characters = default;
        if (!IsScalar(in json) || json.ValueSpan.Length > buffer.Length)
        {
            return false;
        }

        if (json.TokenType is JsonTokenType.Null)
        {
            return true;
        }

        if (!json.ValueIsEscaped)
        {
            json.ValueSpan.CopyTo(buffer);
            characters = buffer[..json.ValueSpan.Length];
            return true;
        }

        // Unescaped text is shorter, unless it contains invalid bytes, each of which is replaced by three.
        bool fits = Encoding.UTF8.TryGetBytes(JsonText.Read(in json), buffer, out int length);
        characters = buffer[..length];
        return fits;
    }

    private static bool IsScalar(ref readonly Utf8JsonReader json) =>
        json.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;
}
