using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Steps of a reader that was told to expect more bytes (isFinalBlock: false): that is how an answer that ends too early is told
/// from one that is not JSON.
/// </summary>
internal static class JsonTokens
{
    /// <exception cref="EndOfStreamException">The answer ended too early.</exception>
    /// <exception cref="JsonException">The answer is not JSON.</exception>
    public static JsonTokenType ReadNext(this ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw new EndOfStreamException();

    /// <summary>From a member's name to the end of its value.</summary>
    /// <exception cref="EndOfStreamException">The answer ended too early.</exception>
    /// <exception cref="JsonException">The answer is not JSON.</exception>
    public static void SkipMember(this ref Utf8JsonReader json)
    {
        json.ReadNext();
        json.SkipValue();
    }

    /// <summary>From the start of a value to its end.</summary>
    /// <inheritdoc cref="SkipMember"/>
    public static void SkipValue(this ref Utf8JsonReader json)
    {
        if (!json.TrySkip())
        {
            throw new EndOfStreamException();
        }
    }
}
