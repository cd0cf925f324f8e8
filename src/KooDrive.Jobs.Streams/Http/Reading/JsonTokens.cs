using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads tokens with a reader that expects more bytes (isFinalBlock: false), which distinguishes a truncated response from a response that is
/// not JSON.
/// </summary>
internal static class JsonTokens
{
    /// <exception cref="EndOfStreamException">The response is truncated.</exception>
    /// <exception cref="JsonException">The response is not JSON.</exception>
    public static JsonTokenType ReadNext(this ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw new EndOfStreamException();

    /// <summary>Skips from the name of a member to the end of its value.</summary>
    /// <exception cref="EndOfStreamException">The response is truncated.</exception>
    /// <exception cref="JsonException">The response is not JSON.</exception>
    public static void SkipMember(this ref Utf8JsonReader json)
    {
        json.ReadNext();
        json.SkipValue();
    }

    /// <summary>Skips from the start of a value to its end.</summary>
    /// <inheritdoc cref="SkipMember"/>
    public static void SkipValue(this ref Utf8JsonReader json)
    {
        if (!json.TrySkip())
        {
            throw new EndOfStreamException();
        }
    }
}
