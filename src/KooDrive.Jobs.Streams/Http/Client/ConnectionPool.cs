using System.Net;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The connections of a client that was given no HttpClient.</summary>
internal static class ConnectionPool
{
    public static HttpClient CreateClient(TimeSpan connectionLifetime) =>
        new(CreateHandler(connectionLifetime), disposeHandler: true) { Timeout = ClientTimeout };

    /// <summary>None: timeouts are the pipeline's. HttpClient's own would count all attempts, and says nothing about the body.</summary>
    public static TimeSpan ClientTimeout => Timeout.InfiniteTimeSpan;

    /// <param name="connectionLifetime">How long a connection is reused.</param>
    /// <param name="systemProxy">The proxy to use; null for that of the process.</param>
    /// <param name="connector">Opens connections; null for the network's addresses and sockets.</param>
    public static SocketsHttpHandler CreateHandler(
        TimeSpan connectionLifetime, Func<IWebProxy>? systemProxy = null, HappyEyeballsConnector? connector = null) => new()
        {
            // So that a long-lived watch sees DNS change.
            PooledConnectionLifetime = connectionLifetime,
            ConnectCallback = (connector ?? HappyEyeballsConnector.Default).ConnectAsync,
            Proxy = new SafeProxy(systemProxy ?? (static () => HttpClient.DefaultProxy)),

            // A redirect would take X-User-Id along.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli | DecompressionMethods.Deflate,
        };
}
