namespace KooDrive.Jobs.Streams.Cli.Watching;

internal enum EventFormat
{
    /// <summary>One line per change. On a terminal, a table of the unfinished jobs follows the lines.</summary>
    Text,

    /// <summary>One JSON object per line.</summary>
    Ndjson,
}
