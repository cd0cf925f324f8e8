using System.Net;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Creates the HttpClient of a client that was created without one.</summary>
internal static class ConnectionPool
{
    public static HttpClient CreateClient(TimeSpan connectionLifetime) =>
        new(CreateHandler(connectionLifetime), disposeHandler: true) { Timeout = ClientTimeout };

    /// <summary>Creates an HttpClient that does not dispose its handler.</summary>
    public static HttpClient CreateClient(HttpMessageHandler handler) => new(handler, disposeHandler: false) { Timeout = ClientTimeout };

    /// <summary>Infinite: the resilience pipeline has the timeouts. The timeout of HttpClient would include all attempts, but not the body.</summary>
    public static TimeSpan ClientTimeout => Timeout.InfiniteTimeSpan;

    /// <param name="connectionLifetime">The lifetime of a connection.</param>
    /// <param name="systemProxy">The proxy; null for the proxy of the process.</param>
    /// <param name="connector">Opens connections; null for DNS and sockets.</param>
    public static SocketsHttpHandler CreateHandler(
        TimeSpan connectionLifetime, Func<IWebProxy>? systemProxy = null, HappyEyeballsConnector? connector = null) => new()
        {
            // So that a change of DNS takes effect in a long-lived watch.
            PooledConnectionLifetime = connectionLifetime,
            ConnectCallback = (connector ?? HappyEyeballsConnector.Default).ConnectAsync,
            Proxy = new SafeProxy(systemProxy ?? (static () => HttpClient.DefaultProxy)),

            // A redirect would send X-User-Id to another address.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli | DecompressionMethods.Deflate,
        };
}
