using System.Buffers;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>A JSON object a line.</summary>
internal sealed class NdjsonEventWriter(Stream output) : EventWriter(output)
{
    private readonly ArrayBufferWriter<byte> _line = new(1024);

    public override ValueTask WriteAsync(JobEvent happened)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, JobJson.Options))
        {
            EventJson.Write(json, happened);
        }

        _line.Write("\n"u8);
        return WriteAsync(_line.WrittenMemory);
    }
}
