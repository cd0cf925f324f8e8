namespace KooDrive.Jobs.Streams;

/// <summary>The names under which the watches of a cluster use its services.</summary>
public static class JobWatchesDefaults
{
    /// <summary>The name of the grain storage of checkpoints and accounts: <c>KooDriveJobs</c>.</summary>
    public const string StorageName = "KooDriveJobs";
}
