namespace KooDrive.Jobs.Streams;

/// <summary>The names under which the watches of a cluster use its services.</summary>
public static class JobWatchesDefaults
{
    /// <summary>The name of the grain storage of checkpoints and accounts: <c>KooDriveJobs</c>.</summary>
    public const string StorageName = "KooDriveJobs";

    /// <summary>The namespace of the streams of <c>AddKooDriveOrleansStreamSink</c>: <c>KooDriveJobs</c>. The key of a stream is the text of its account.</summary>
    public const string StreamNamespace = "KooDriveJobs";
}
