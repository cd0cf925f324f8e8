using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class HappyEyeballsConnectorTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    // An attempt that never starts fails the test instead of blocking it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ObservedTime _time = new();
    private readonly Channel<Attempt> _attempts = Channel.CreateUnbounded<Attempt>();

    [Fact]
    public async Task ConnectAsync_tries_the_next_address_while_one_does_not_respond()
    {
        Task<Stream> connecting = ConnectAsync("10.0.0.1", "10.0.0.2", "10.0.0.3");
        Attempt first = await NextAttemptAsync();
        Assert.Equal([Delay], _time.DueTimes);
        _time.Advance(Delay);
        Attempt second = await NextAttemptAsync();

        var winner = new ObservedStream();
        second.Succeed(winner);

        Assert.Same(winner, await connecting);
        Assert.False(winner.IsDisposed);
        Assert.Equal(("10.0.0.1:443", "10.0.0.2:443"), (first.EndPoint.ToString(), second.EndPoint.ToString()));
        Assert.True(first.Cancellation.IsCancellationRequested);
        Assert.False(_attempts.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task ConnectAsync_disposes_the_slower_connection()
    {
        Task<Stream> connecting = ConnectAsync("10.0.0.1", "10.0.0.2");
        Attempt first = await NextAttemptAsync();
        _time.Advance(Delay);
        (await NextAttemptAsync()).Succeed(new ObservedStream());
        await connecting;

        var late = new ObservedStream();
        first.Succeed(late);

        await late.Disposed;
    }

    [Fact]
    public async Task ConnectAsync_uses_the_first_address_when_it_still_responds_first()
    {
        Task<Stream> connecting = ConnectAsync("10.0.0.1", "10.0.0.2");
        Attempt first = await NextAttemptAsync();
        _time.Advance(Delay);
        Attempt second = await NextAttemptAsync();
        var slow = new ObservedStream();
        first.Succeed(slow);

        Assert.Same(slow, await connecting.WaitAsync(Patience, TestClients.Cancellation));
        Assert.True(second.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task ConnectAsync_tries_the_next_address_immediately_when_one_rejects()
    {
        Task<Stream> connecting = ConnectAsync("10.0.0.1", "10.0.0.2");
        (await NextAttemptAsync()).Fail(SocketError.ConnectionRefused);
        (await NextAttemptAsync()).Succeed(new ObservedStream());

        await connecting;
    }

    [Fact]
    public async Task ConnectAsync_throws_the_first_failure_when_all_addresses_fail()
    {
        Task<Stream> connecting = ConnectAsync("10.0.0.1", "10.0.0.2");
        (await NextAttemptAsync()).Fail(SocketError.HostUnreachable);
        (await NextAttemptAsync()).Fail(SocketError.ConnectionRefused);

        Assert.Equal(SocketError.HostUnreachable, (await Assert.ThrowsAsync<SocketException>(() => connecting)).SocketErrorCode);
    }

    [Fact]
    public async Task ConnectAsync_throws_HostNotFound_for_a_host_without_addresses() =>
        Assert.Equal(SocketError.HostNotFound, (await Assert.ThrowsAsync<SocketException>(() => ConnectAsync())).SocketErrorCode);

    [Fact]
    public async Task ConnectAsync_tries_the_families_in_turn()
    {
        Task<Stream> connecting = ConnectAsync("2001:db8::1", "2001:db8::2", "10.0.0.1", "10.0.0.2", "10.0.0.3");
        foreach (string address in new[] { "2001:db8::1", "10.0.0.1", "2001:db8::2", "10.0.0.2", "10.0.0.3" })
        {
            Attempt attempt = await NextAttemptAsync();
            Assert.Equal(address, attempt.EndPoint.Address.ToString());
            attempt.Fail(SocketError.NetworkUnreachable);
        }

        await Assert.ThrowsAsync<SocketException>(() => connecting);
    }

    [Fact]
    public async Task ConnectAsync_ends_each_attempt_when_it_is_canceled()
    {
        using var canceled = new CancellationTokenSource();
        Task<Stream> connecting = Connector("10.0.0.1", "10.0.0.2", "10.0.0.3").ConnectAsync("host", 443, canceled.Token).AsTask();
        Attempt first = await NextAttemptAsync();
        _time.Advance(Delay);
        Attempt second = await NextAttemptAsync();

        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience, TestClients.Cancellation));
        Assert.True(first.Cancellation.IsCancellationRequested && second.Cancellation.IsCancellationRequested);
        Assert.False(_attempts.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task GetPageAsync_reaches_the_second_address_when_the_first_is_a_black_hole()
    {
        using var blackHole = new BlackHole();
        await using var server = new SocketServer(
            new IPEndPoint(IPAddress.Parse("127.0.0.2"), blackHole.EndPoint.Port), connection => connection.SendAsync(SocketServer.Ok(StubHandler.EmptyPage)));
        var started = new SemaphoreSlim(0);
        var connector = new HappyEyeballsConnector(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]),
            (endPoint, cancellationToken) =>
            {
                Task<Stream> connecting = HappyEyeballsConnector.ConnectSocketAsync(endPoint, cancellationToken);
                started.Release();
                return connecting;
            },
            _time);
        using JobsClient client = TestClients.Owning(
            ConnectionPool.CreateHandler(TimeSpan.FromMinutes(2), connector: connector),
            options =>
            {
                options.Endpoint = new Uri($"http://localhost:{blackHole.EndPoint.Port}");
                options.MaxRetries = 0;
            });

        Task<JobPage> getting = client.GetAsync();
        await started.WaitAsync(TestClients.Cancellation);
        while (!getting.IsCompleted && server.Requests.Count == 0)
        {
            _time.Advance(Delay);
            await Task.Yield();
        }

        Assert.Empty((await getting).Jobs);
        Assert.Single(server.Requests);
        started.Dispose();
    }

    private Task<Attempt> NextAttemptAsync() => _attempts.Reader.ReadAsync(TestClients.Cancellation).AsTask().WaitAsync(Patience, TestClients.Cancellation);

    private HappyEyeballsConnector Connector(params string[] addresses) => new(
        (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]),
        (endPoint, cancellationToken) =>
        {
            var attempt = new Attempt(endPoint, cancellationToken);
            _attempts.Writer.TryWrite(attempt);
            return attempt.Stream;
        },
        _time);

    private Task<Stream> ConnectAsync(params string[] addresses) => Connector(addresses).ConnectAsync("host", 443, TestClients.Cancellation).AsTask();

    /// <summary>A connection attempt whose outcome is the test's: it may succeed after it was canceled, as a socket may.</summary>
    private sealed class Attempt(IPEndPoint endPoint, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<Stream> _stream = new();

        public IPEndPoint EndPoint => endPoint;

        public CancellationToken Cancellation => cancellation;

        public Task<Stream> Stream => _stream.Task;

        public void Succeed(Stream stream) => _stream.SetResult(stream);

        public void Fail(SocketError error) => _stream.SetException(new SocketException((int)error));
    }

    /// <summary>A listener that accepts no further connection, because its queue is full.</summary>
    private sealed class BlackHole : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _waiting = [];

        public BlackHole()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            for (int i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _waiting.Add(socket);
                _ = socket.ConnectAsync(EndPoint).ContinueWith(task => _ = task.Exception, TaskScheduler.Default);
            }
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

        public void Dispose()
        {
            _waiting.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }

    /// <summary>Records each wait when it starts.</summary>
    private sealed class ObservedTime : FakeTimeProvider
    {
        public List<TimeSpan> DueTimes { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            DueTimes.Add(dueTime);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class ObservedStream : MemoryStream
    {
        private readonly TaskCompletionSource _disposed = new();

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public Task Disposed => _disposed.Task.WaitAsync(Patience, TestClients.Cancellation);

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
