using System.Buffers;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes one JSON array, with a job on each line.</summary>
internal sealed class JsonJobWriter(Stream output) : JobWriter(output)
{
    public override async ValueTask CompleteAsync()
    {
        await base.CompleteAsync();
        await WriteAsync("]\n"u8.ToArray());
    }

    public override ValueTask AbortAsync() => JobCount == 0 ? ValueTask.CompletedTask : CompleteAsync();

    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        if (JobCount == 0)
        {
            page.Write("[\n"u8);
        }

        for (int index = 0; index < jobs.Count; index++)
        {
            page.Write(JobCount + index == 0 ? " "u8 : ","u8);
            JsonLine.Write(page, jobs[index], JobsJsonContext.Default.Job);
        }
    }
}
