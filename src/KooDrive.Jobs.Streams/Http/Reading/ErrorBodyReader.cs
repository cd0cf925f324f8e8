using System.Text.Json;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads the body of an error in both documented formats: <c>code</c> and <c>msg</c>, or <c>error_code</c> and <c>error_msg</c>. Any other body (the page of a
/// gateway, a truncated document) is accepted too, because the status code is sufficient.
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
                bool isCode = JsonText.Equals(in json, "code"u8) || JsonText.Equals(in json, "error_code"u8);
                bool isMessage = !isCode && (JsonText.Equals(in json, "msg"u8) || JsonText.Equals(in json, "error_msg"u8));
                json.ReadNext();
                if (isCode && JsonValue.TryReadText(in json, out string? readCode))
                {
                    code ??= readCode;
                }
                else if (isMessage && JsonValue.TryReadText(in json, out string? readMessage))
                {
                    message ??= readMessage;
                }
                else
                {
                    json.SkipValue();
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or EndOfStreamException)
        {
            // Not JSON, or truncated: the members read before are used.
        }

        return (code, message);
    }
}
