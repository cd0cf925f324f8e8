using System.Buffers;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes one JSON object per line.</summary>
internal sealed class NdjsonJobWriter(Stream output) : JobWriter(output)
{
    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        foreach (Job job in jobs)
        {
            JsonLine.Write(page, job, JobsJsonContext.Default.Job);
        }
    }
}
