using System.Buffers;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes jobs to standard output page by page. The memory does not depend on the length of the list.</summary>
internal abstract class JobWriter(Stream output)
{
    private readonly ArrayBufferWriter<byte> _page = new(64 * 1024);

    /// <summary>The number of jobs that were written.</summary>
    public long JobCount { get; private set; }

    public static JobWriter Create(OutputFormat format, CommandEnvironment environment) => format switch
    {
        OutputFormat.Table => new TableJobWriter(environment),
        OutputFormat.Csv => new CsvJobWriter(environment.Output),
        _ => new NdjsonJobWriter(environment.Output),
    };

    /// <summary>Writes and flushes a page, so that the reader of a pipe receives it immediately and in whole lines.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<Job> jobs)
    {
        _page.ResetWrittenCount();
        Format(jobs, _page);
        await output.WriteAsync(_page.WrittenMemory);
        await output.FlushAsync();
        JobCount += jobs.Count;
    }

    /// <summary>Completes the output. Writes the header row of an empty csv list.</summary>
    public ValueTask CompleteAsync() => JobCount == 0 ? WriteAsync([]) : ValueTask.CompletedTask;

    protected abstract void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page);
}

internal enum OutputFormat
{
    /// <summary>Aligned columns for people.</summary>
    Table,

    /// <summary>One JSON object per line, with the API's names.</summary>
    Ndjson,

    /// <summary>RFC 4180, with the API's names in the first row.</summary>
    Csv,
}
