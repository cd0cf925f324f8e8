using System.Buffers;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes jobs to standard output page by page: memory for a page, whatever the length of the list.</summary>
internal abstract class JobWriter(Stream output)
{
    private readonly ArrayBufferWriter<byte> _page = new(64 * 1024);

    /// <summary>How many jobs were written.</summary>
    public long Jobs { get; private set; }

    public static JobWriter Create(OutputFormat format, CommandEnvironment environment) => format switch
    {
        OutputFormat.Table => new TableJobWriter(environment),
        OutputFormat.Csv => new CsvJobWriter(environment.Output),
        _ => new NdjsonJobWriter(environment.Output),
    };

    /// <summary>Writes a page and flushes it, so that a reader at the other end of a pipe has it at once, in whole lines.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<Job> jobs)
    {
        _page.ResetWrittenCount();
        Format(jobs, _page);
        await output.WriteAsync(_page.WrittenMemory);
        await output.FlushAsync();
        Jobs += jobs.Count;
    }

    /// <summary>Writes what an empty list has: a csv file its first row.</summary>
    public ValueTask CompleteAsync() => Jobs == 0 ? WriteAsync([]) : ValueTask.CompletedTask;

    protected abstract void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page);
}
