using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Writes the events of a watch to standard output.</summary>
internal abstract class EventWriter(Stream output)
{
    public static EventWriter Create(
        EventFormat format, CommandEnvironment environment, UnfinishedJobs unfinished, Func<IReadOnlyList<Job>> currentJobs) => format switch
        {
            EventFormat.Ndjson => new NdjsonEventWriter(environment.Output),
            _ when environment.OutputIsLive => new LiveEventWriter(environment, unfinished, currentJobs),
            _ => new TextEventWriter(environment, unfinished),
        };

    public abstract ValueTask WriteAsync(JobEvent jobEvent);

    /// <summary>Writes text that is not an event, such as a notice, to standard error without damaging the live table.</summary>
    public virtual async ValueTask NoteAsync(TextWriter error, string text) => await error.WriteLineAsync(text);

    /// <summary>Removes the live table.</summary>
    public virtual ValueTask CompleteAsync() => ValueTask.CompletedTask;

    protected async ValueTask WriteAsync(ReadOnlyMemory<byte> text)
    {
        await output.WriteAsync(text);
        await output.FlushAsync();
    }

    protected ValueTask WriteAsync(string text) => WriteAsync(CommandEnvironment.Encoding.GetBytes(text));
}

internal enum EventFormat
{
    /// <summary>One line per change. On a terminal, a table of the unfinished jobs follows the lines.</summary>
    Text,

    /// <summary>One JSON object per line.</summary>
    Ndjson,
}
