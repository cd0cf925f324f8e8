using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

/// <summary>A client with an HttpClient of its own, over real sockets.</summary>
public class HostileServerTests
{
    private readonly FakeTimeProvider _time = new();

    public static TheoryData<string> BrokenResponses => new(
        "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + Pages.Documented,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"code\":0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + Pages.Documented[..300],
        "HTTP/1.0 200 OK\r\n\r\n" + Pages.Documented[..300],
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        "HTTP/1.1 200 OK\r\nX-Half",
        "",
        "not HTTP at all\r\n\r\n");

    [Fact]
    public async Task GetPageAsync_quotes_invalid_HTTP_sanitized_and_bounded()
    {
        await using var server = new SocketServer(async connection =>
            await connection.SendAsync("\u001b]0;owned\u0007\u001b[31mFAKE\r2026 INFO all is well " + new string('x', 20_000) + "\r\n\r\n"));
        using JobsClient client = TestClients.Create(options =>
        {
            options.Endpoint = server.Endpoint;
            options.MaxRetries = 0;
        });

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync());

        Assert.Contains("FAKE", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 500, 1_000);
        Assert.DoesNotContain(failure.ToString(), character => char.IsControl(character) && character is not ('\r' or '\n'));
        Assert.InRange(failure.ToString().Length, 500, 10_000);
    }

    [Theory]
    [MemberData(nameof(BrokenResponses))]
    public async Task GetPageAsync_retries_when_a_response_breaks_off(string broken)
    {
        await using var server = new SocketServer(
            connection => connection.SendAsync(broken), connection => connection.SendAsync(SocketServer.Ok(Pages.Documented)));
        using JobsClient client = Client(server);

        Assert.Equal(2, (await client.GetAsync()).Jobs.Count);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(BrokenResponses))]
    public async Task GetPageAsync_throws_a_JobsException_when_each_response_breaks_off(string broken)
    {
        await using var server = new SocketServer(connection => connection.SendAsync(broken));
        using JobsClient client = Client(server, options => options.MaxRetries = 2);

        JobsException failure = await Assert.ThrowsAnyAsync<JobsException>(() => client.GetAsync(700));

        Assert.True(failure.IsTransient);
        Assert.Equal(700, failure.Offset);

        // SocketsHttpHandler itself sends a request again, up to three times, when a connection ends without a byte.
        Assert.Equal(broken.Length == 0 ? 3 * 4 : 3, server.Requests.Count);
    }

    [Fact]
    public async Task GetPageAsync_retries_when_the_connection_is_reset()
    {
        await using var server = new SocketServer(
            connection =>
            {
                connection.Reset();
                return Task.CompletedTask;
            },
            connection => connection.SendAsync(SocketServer.Ok(Pages.Documented)));
        using JobsClient client = Client(server);

        Assert.Equal(2, (await client.GetAsync()).Jobs.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"code\":0,")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Dripping: a")]
    [InlineData("")]
    public async Task GetPageAsync_retries_when_a_response_stalls(string beginning)
    {
        await using var server = new SocketServer(
            async connection =>
            {
                await connection.SendAsync(beginning);
                await connection.StallAsync();
            },
            connection => connection.SendAsync(SocketServer.Ok(Pages.Documented)));
        using JobsClient client = Client(server);

        Task<JobPage> getting = client.GetAsync();
        await server.StalledAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(2, (await getting).Jobs.Count);
    }

    [Fact]
    public async Task GetPageAsync_ends_a_stalled_response_when_canceled()
    {
        await using var server = new SocketServer(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{");
            await connection.StallAsync();
        });
        using JobsClient client = Client(server);
        using var cancellation = new CancellationTokenSource();

        Task<JobPage> getting = client.GetPageAsync(JobQuery.All, 0, 1, cancellation.Token);
        await server.StalledAsync();
        await cancellation.CancelAsync();

        OperationCanceledException canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        Assert.Equal(cancellation.Token, canceled.CancellationToken);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")]
    public async Task GetPageAsync_reads_a_response_that_ends_with_the_connection(string head)
    {
        await using var server = new SocketServer(connection => connection.SendAsync(head + Pages.Documented));
        using JobsClient client = Client(server);

        Assert.Equal(2, (await client.GetAsync()).Jobs.Count);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task GetPageAsync_reads_a_compressed_response(string encoding)
    {
        await using var server = new SocketServer(connection => SendCompressedAsync(connection, encoding, Encoding.UTF8.GetBytes(Pages.Documented)));
        using JobsClient client = Client(server);

        Assert.Equal(2, (await client.GetAsync()).Jobs.Count);
        Assert.Matches($"Accept-Encoding: .*{encoding}", server.Requests[0]);
    }

    [Fact]
    public async Task MaxResponseBytes_counts_decompressed_bytes()
    {
        byte[] bomb = Encoding.UTF8.GetBytes("{\"code\":0,\"data\":[],\"msg\":\"" + new string(' ', 20_000_000) + "\"}");
        await using var server = new SocketServer(connection => SendCompressedAsync(connection, "gzip", bomb));
        using JobsClient client = Client(server);

        JobsResponseException failure = await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        Assert.Contains("more than 8,388,608 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public async Task MaxResponseBytes_is_exact(int length, bool accepted)
    {
        await using var server = new SocketServer(connection => connection.SendAsync(SocketServer.Ok(StubHandler.EmptyPage.PadRight(length))));
        using JobsClient client = Client(server, options => options.MaxResponseBytes = 2000);

        var failure = await Record.ExceptionAsync(() => client.GetAsync()) as JobsException;

        Assert.Equal(accepted, failure is null);
    }

    [Fact]
    public async Task MaxResponseBytes_ends_an_endless_body()
    {
        await using var server = new SocketServer(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
            byte[] spaces = new byte[64 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            while (true)
            {
                await connection.SendAsync(spaces);
            }
        });
        using JobsClient client = Client(server);

        JobsResponseException failure = await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        Assert.False(failure.IsTransient);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task GetPageAsync_does_not_follow_a_redirect()
    {
        await using var elsewhere = new SocketServer(connection => connection.SendAsync(SocketServer.Ok(Pages.Documented)));
        await using var server = new SocketServer(connection => connection.SendAsync(
            $"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Endpoint}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using JobsClient client = Client(server);

        await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        Assert.Empty(elsewhere.Requests);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task GetPageAsync_throws_when_the_HttpClient_followed_a_redirect()
    {
        await using var elsewhere = new SocketServer(connection => connection.SendAsync(SocketServer.Ok(Pages.Documented)));
        await using var server = new SocketServer(connection => connection.SendAsync(
            $"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Endpoint}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var httpClient = new HttpClient();
        using JobsClient client = TestClients.Create(options => options.Endpoint = server.Endpoint, httpClient: httpClient);

        await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        Assert.DoesNotContain(TestClients.Token, Assert.Single(elsewhere.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_throws_JobsConnectionException_when_no_server_listens()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using JobsClient client = TestClients.Create(
            options =>
            {
                options.Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}");
                options.RetryDelay = TimeSpan.Zero;
            },
            timeProvider: _time);

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync(9));

        Assert.IsType<HttpRequestException>(failure.InnerException);
        Assert.Equal((null, 9L), (failure.StatusCode, failure.Offset));
        Assert.Contains("Check Endpoint", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_throws_JobsConnectionException_for_an_unknown_host()
    {
        using JobsClient client = TestClients.Create(
            options =>
            {
                options.Endpoint = new Uri("https://koodrive.invalid");
                options.RetryDelay = TimeSpan.Zero;
                options.MaxRetries = 1;
            },
            timeProvider: _time);

        await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync());
    }

    [Fact]
    public async Task GetPageAsync_throws_ObjectDisposedException_when_disposed_in_flight()
    {
        await using var server = new SocketServer(connection => connection.StallAsync());
        JobsClient client = Client(server);

        Task<JobPage> getting = client.GetAsync();
        await server.StalledAsync();
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => getting);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task GetPageAsync_shows_the_token_in_no_message_and_no_trace_log()
    {
        await using var server = new SocketServer(
            connection => connection.SendAsync("HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            connection => connection.SendAsync("HTTP/1.1 401 No\r\nDate: Thu, 01 Jan 2015 00:00:00 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var logger = new RecordingLogger();
        using JobsClient client = TestClients.Create(
            options =>
            {
                options.Endpoint = server.Endpoint;
                options.RetryDelay = TimeSpan.Zero;
            },
            new AccessTokenCredential(_ => new ValueTask<string>(TestClients.Token)),
            timeProvider: _time,
            loggerFactory: logger);

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Equal([1, 2, 3, 3, 4], logger.EventIds.Order());
        Assert.DoesNotContain(TestClients.Token, failure.ToString(), StringComparison.Ordinal);
        Assert.All(logger.Entries, entry => Assert.DoesNotContain(TestClients.Token, entry.Message, StringComparison.Ordinal));
    }

    private JobsClient Client(SocketServer server, Action<JobsClientOptions>? change = null) => TestClients.Create(
        options =>
        {
            options.Endpoint = server.Endpoint;
            options.RetryDelay = TimeSpan.Zero;
            change?.Invoke(options);
        },
        timeProvider: _time);

    private static async Task SendCompressedAsync(SocketServer.Connection connection, string encoding, byte[] body)
    {
        using var compressed = new MemoryStream();
        await using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            await stream.WriteAsync(body);
        }

        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {compressed.Length}\r\nConnection: close\r\n\r\n");
        await connection.SendAsync(compressed.ToArray());
    }
}
