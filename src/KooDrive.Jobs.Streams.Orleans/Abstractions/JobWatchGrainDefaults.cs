namespace KooDrive.Jobs.Streams;

/// <summary>The names of the services of a cluster that its watches use.</summary>
public static class JobWatchGrainDefaults
{
    /// <summary>The name of the grain storage of checkpoints and accounts: <c>KooDriveJobs</c>.</summary>
    public const string StorageName = "KooDriveJobs";

    /// <summary>The namespace of the streams of <c>AddKooDriveOrleansStreamSink</c>: <c>KooDriveJobs</c>. The key of a stream is the text of its account.</summary>
    public const string StreamNamespace = "KooDriveJobs";

    /// <summary>
    /// The service key of the <see cref="HttpMessageHandler"/> that sends the requests of a silo: <c>KooDriveJobs</c>; see <see cref="JobsClientServices.HttpHandler"/>.
    /// Without such a service, the library creates a handler for each endpoint.
    /// </summary>
    public const string HttpHandlerKey = "KooDriveJobs";
}
