using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>
/// A server on a real socket whose responses a test defines: each request is handled by the next handler, and the last handler handles all further requests.
/// Each request has its own connection.
/// </summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly SemaphoreSlim _stalled = new(0);
    private readonly Func<Connection, Task>[] _handlers;
    private readonly Task _accepting;

    public SocketServer(params Func<Connection, Task>[] handlers)
        : this(new IPEndPoint(IPAddress.Loopback, 0), handlers)
    {
    }

    public SocketServer(IPEndPoint endPoint, params Func<Connection, Task>[] handlers)
    {
        _handlers = handlers;
        _listener.Bind(endPoint);
        _listener.Listen();
        Endpoint = new Uri($"http://{_listener.LocalEndPoint}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The heads of the requests, up to the empty line.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static string Ok(string body, string headers = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    /// <summary>Completes when a handler starts to stall.</summary>
    public Task StalledAsync() => _stalled.WaitAsync(TestClients.Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopped.Dispose();
        _stalled.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stopped.Token);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using (socket)
        {
            try
            {
                var head = new StringBuilder();
                byte[] buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    int read = await socket.ReceiveAsync(buffer, _stopped.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                _requests.Enqueue(head.ToString());
                await _handlers[Math.Min(_requests.Count, _handlers.Length) - 1](new Connection(socket, head.ToString(), _stalled, _stopped.Token));
                if (socket.Connected)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The client hung up, or the test is over.
            }
        }
    }

    /// <summary>The connection of a request. It is closed gracefully when the handler returns.</summary>
    public sealed class Connection(Socket socket, string head, SemaphoreSlim stalled, CancellationToken stopped)
    {
        /// <summary>The request, up to the empty line.</summary>
        public string Head => head;

        public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

        public async Task SendAsync(ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes, stopped)..];
            }
        }

        /// <summary>Sends nothing more until the test is over.</summary>
        public async Task StallAsync()
        {
            stalled.Release();
            await Task.Delay(Timeout.Infinite, stopped);
        }

        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }
}
