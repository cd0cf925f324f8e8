using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace KooDrive.Jobs.Streams.Emulator.Responses;

/// <summary>The body of a response in a reusable buffer. The length must be known before the body is sent.</summary>
internal sealed class ResponseBody : IResettable
{
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    private static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText Message = JsonEncodedText.Encode("msg");
    private static readonly JsonEncodedText OldCode = JsonEncodedText.Encode("error_code");
    private static readonly JsonEncodedText OldMessage = JsonEncodedText.Encode("error_msg");

    // The JSON is valid by construction and is not part of HTML.
    private static readonly JsonWriterOptions Options =
        new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    public void WritePage(ReadOnlySpan<EmulatedJob> jobs, bool codeAsText)
    {
        using var json = new Utf8JsonWriter(_buffer, Options);
        json.WriteStartObject();
        json.WriteStartArray(Data);
        foreach (EmulatedJob job in jobs)
        {
            EmulatedJobJson.Write(json, job);
        }

        json.WriteEndArray();
        if (codeAsText)
        {
            json.WriteString(Code, "0"u8);
        }
        else
        {
            json.WriteNumber(Code, 0);
        }

        json.WriteString(Message, "OK"u8);
        json.WriteEndObject();
    }

    public void WriteError(string code, string message, bool oldShape)
    {
        using var json = new Utf8JsonWriter(_buffer, Options);
        json.WriteStartObject();
        json.WriteString(oldShape ? OldCode : Code, code);
        json.WriteString(oldShape ? OldMessage : Message, message);
        json.WriteEndObject();
    }

    public bool TryReset()
    {
        _buffer.ResetWrittenCount();
        return true;
    }
}
