namespace KooDrive.Jobs.Streams.Cli.Watching;

internal enum EventFormat
{
    /// <summary>A line a change, and on a terminal a table of the unfinished jobs beneath.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Ndjson,
}
