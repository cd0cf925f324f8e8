namespace KooDrive.Jobs.Streams.Cli.Output;

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
