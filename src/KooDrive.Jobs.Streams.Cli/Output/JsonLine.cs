using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes a JSON object and a line break.</summary>
internal static class JsonLine
{
    /// <summary>Options that escape only what JSON requires, because the output is not part of HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> type)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        output.Write("\n"u8);
    }
}
