using System.Net;

namespace KooDrive.Jobs.Streams;

/// <summary>The HttpClient of a client that was given none.</summary>
internal static class ConnectionPool
{
    public static HttpClient CreateClient(TimeSpan connectionLifetime)
    {
        var handler = new SocketsHttpHandler
        {
            // So that a long-lived watch sees DNS change.
            PooledConnectionLifetime = connectionLifetime,

            // A redirect would take X-User-Id along.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli | DecompressionMethods.Deflate,
        };

        // Timeouts are the pipeline's: HttpClient's own would count all attempts, and says nothing about the body.
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
