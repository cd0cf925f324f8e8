using System.Buffers;
using KooDrive.Jobs.Streams.Cli.Execution;

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
        OutputFormat.Json => new JsonJobWriter(environment.Output),
        OutputFormat.Csv => new CsvJobWriter(environment.Output),
        _ => new NdjsonJobWriter(environment.Output),
    };

    /// <summary>Writes and flushes a page, so that the reader of a pipe receives it immediately and in whole lines.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<Job> jobs)
    {
        _page.ResetWrittenCount();
        Format(jobs, _page);
        await WriteAsync(_page.WrittenMemory);
        JobCount += jobs.Count;
    }

    /// <summary>Completes the output: writes the header row of an empty csv list, and the end of a JSON array.</summary>
    public virtual ValueTask CompleteAsync() => JobCount == 0 ? WriteAsync([]) : ValueTask.CompletedTask;

    /// <summary>Completes the output of a list that failed, so that the jobs written so far can be read.</summary>
    public virtual ValueTask AbortAsync() => ValueTask.CompletedTask;

    protected async ValueTask WriteAsync(ReadOnlyMemory<byte> text)
    {
        await output.WriteAsync(text);
        await output.FlushAsync();
    }

    protected abstract void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page);
}

internal enum OutputFormat
{
    /// <summary>Aligned columns for people.</summary>
    Table,

    /// <summary>One JSON object per line, with the API's names.</summary>
    Ndjson,

    /// <summary>One JSON array.</summary>
    Json,

    /// <summary>RFC 4180, with the API's names in the first row.</summary>
    Csv,
}
