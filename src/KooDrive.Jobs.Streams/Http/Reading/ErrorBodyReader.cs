using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Reads the body of an error in both documented shapes, <c>code</c> and <c>msg</c>, <c>error_code</c> and <c>error_msg</c>. A body
/// that is neither (a gateway's page, half a document) gives what it has: the status alone says what happened.
/// </summary>
internal static class ErrorBodyReader
{
    public static (string? Code, string? Message) Read(ReadOnlySpan<byte> body)
    {
        string? code = null, message = null;
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var json = new Utf8JsonReader(body.StartsWith(mark) ? body[mark.Length..] : body, isFinalBlock: false, state: default);
        try
        {
            if (json.ReadNext() is not JsonTokenType.StartObject)
            {
                return default;
            }

            while (json.ReadNext() is JsonTokenType.PropertyName)
            {
                var isCode = json.ValueTextEquals("code"u8) || json.ValueTextEquals("error_code"u8);
                var isMessage = !isCode && (json.ValueTextEquals("msg"u8) || json.ValueTextEquals("error_msg"u8));
                json.ReadNext();
                if (isCode && IsScalar(json.TokenType))
                {
                    code ??= JsonValue.ReadText(in json);
                }
                else if (isMessage && IsScalar(json.TokenType))
                {
                    message ??= JsonValue.ReadText(in json);
                }
                else
                {
                    json.SkipValue();
                }
            }
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException or InvalidOperationException)
        {
            // Not JSON, cut short, not UTF-8: what was read up to there stands.
        }

        return (code, message);
    }

    private static bool IsScalar(JsonTokenType type) => type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;
}
