using System.Net;

namespace KooDrive.Jobs.Streams;

/// <summary>The connections of a client that was given no HttpClient.</summary>
internal static class ConnectionPool
{
    public static HttpClient CreateClient(TimeSpan connectionLifetime) =>
        new(CreateHandler(connectionLifetime), disposeHandler: true) { Timeout = ClientTimeout };

    /// <summary>None: timeouts are the pipeline's. HttpClient's own would count all attempts, and says nothing about the body.</summary>
    public static TimeSpan ClientTimeout => Timeout.InfiniteTimeSpan;

    public static SocketsHttpHandler CreateHandler(TimeSpan connectionLifetime) => new()
    {
        // So that a long-lived watch sees DNS change.
        PooledConnectionLifetime = connectionLifetime,

        // A redirect would take X-User-Id along.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli | DecompressionMethods.Deflate,
    };
}
