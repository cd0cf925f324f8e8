using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>A server on a real socket that responds to each request with an empty page, keeps connections open, and counts them.</summary>
internal sealed class KeepAliveServer : IAsyncDisposable
{
    private static readonly byte[] Response = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Length: {StubHandler.EmptyPage.Length}\r\n\r\n{StubHandler.EmptyPage}");

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentDictionary<string, int> _users = new();
    private readonly Task _accepting;

    public KeepAliveServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Endpoint = new Uri($"http://{_listener.LocalEndPoint}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The number of connections that were opened.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>The number of requests of each user.</summary>
    public IReadOnlyDictionary<string, int> Users => _users;

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptAsync(_stopped.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            string? user = null;
            while (await reader.ReadLineAsync(_stopped.Token) is { } line)
            {
                if (line.StartsWith("X-User-Id: ", StringComparison.OrdinalIgnoreCase))
                {
                    user = line[11..];
                }
                else if (line.Length == 0)
                {
                    _users.AddOrUpdate(user!, 1, (_, count) => count + 1);
                    await stream.WriteAsync(Response, _stopped.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client closed the connection, or the test is over.
        }
    }
}
