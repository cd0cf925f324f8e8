namespace KooDrive.Jobs.Streams.Cli.Output;

internal enum ShowFormat
{
    /// <summary>A line for each field, for people.</summary>
    Text,

    /// <summary>A JSON object.</summary>
    Json,
}
