using System.Buffers;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Writes one JSON object per line.</summary>
internal sealed class NdjsonEventWriter(Stream output) : EventWriter(output)
{
    private readonly ArrayBufferWriter<byte> _line = new(1024);

    public override ValueTask WriteAsync(JobEvent jobEvent)
    {
        _line.ResetWrittenCount();
        JsonLine.Write(_line, jobEvent, JobsJsonContext.Default.JobEvent);
        return WriteAsync(_line.WrittenMemory);
    }
}
