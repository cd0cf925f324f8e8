namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>The short name of a job's type, for a line of 80 characters that also contains the time, the task id and the change.</summary>
internal static class ShortTypeName
{
    /// <summary>The length of the longest name.</summary>
    public const int Width = 13;

    /// <summary>Returns the distinctive word of the name, e.g. <c>deletion</c> for <c>batch-deletion</c>.</summary>
    public static string Format(JobType? type) => type switch
    {
        JobType.BatchReplication or JobType.BatchDeletion or JobType.BatchRelocation or JobType.BatchRestoration or JobType.CloudDecompression
            => EnumNames<JobType>.Format(type).Split('-')[1],
        JobType.PackageDownload => "download",
        JobType.RecycleBinClearance => "clearance",
        _ => EnumNames<JobType>.Format(type),
    };
}
