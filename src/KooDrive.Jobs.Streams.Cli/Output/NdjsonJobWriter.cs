using System.Buffers;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>A JSON object a line.</summary>
internal sealed class NdjsonJobWriter(Stream output) : JobWriter(output)
{
    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        using var json = new Utf8JsonWriter(page, JobJson.Options);
        foreach (Job job in jobs)
        {
            JobJson.Write(json, job);
            json.Flush();
            json.Reset();
            page.Write("\n"u8);
        }
    }
}
