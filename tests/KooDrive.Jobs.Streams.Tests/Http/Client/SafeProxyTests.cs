using System.Net;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class SafeProxyTests
{
    private readonly WebProxy _system = new("http://alice:hidden%40%20@proxy.example:3128") { Credentials = new NetworkCredential("alice", "hidden@ ") };

    [Theory]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("http://127.1.2.3/")]
    [InlineData("https://localhost/")]
    [InlineData("http://[::1]:5000/")]
    public void GetProxy_returns_null_for_loopback(string address)
    {
        var proxy = new SafeProxy(() => _system);

        Assert.True(proxy.IsBypassed(new Uri(address)));
        Assert.Null(proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public void GetProxy_returns_the_process_proxy_without_user_information()
    {
        var proxy = new SafeProxy(() => _system);

        Assert.False(proxy.IsBypassed(new Uri("https://drive.example")));
        Uri address = proxy.GetProxy(new Uri("https://drive.example"))!;
        Assert.Equal("http://proxy.example:3128/", address.AbsoluteUri);
        Assert.Same(address, proxy.GetProxy(new Uri("https://drive.example")));
        Assert.Equal("hidden@ ", proxy.Credentials!.GetCredential(address, "Basic")!.Password);
        Assert.Throws<NotSupportedException>(() => proxy.Credentials = null);
    }

    [Fact]
    public async Task GetPageAsync_bypasses_the_proxy_for_loopback()
    {
        await using var proxy = new SocketServer(connection => connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
        await using var server = new SocketServer(connection => connection.SendAsync(SocketServer.Ok(StubHandler.EmptyPage)));
        using JobsClient client = ThroughProxy(new WebProxy(proxy.Endpoint), options => options.Endpoint = server.Endpoint);

        Assert.Empty((await client.GetAsync()).Jobs);

        Assert.Empty(proxy.Requests);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task GetPageAsync_sends_the_credentials_of_the_proxy_address_to_the_proxy()
    {
        await using var proxy = new SocketServer(
            connection => connection.SendAsync("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            connection => connection.SendAsync(SocketServer.Ok(StubHandler.EmptyPage)));
        var system = new WebProxy(new UriBuilder(proxy.Endpoint) { UserName = "alice", Password = "hidden" }.Uri)
        {
            Credentials = new NetworkCredential("alice", "hidden"),
        };
        using JobsClient client = ThroughProxy(system, options =>
        {
            options.Endpoint = new Uri("http://drive.example");
            options.AllowHttp = true;
        });

        Assert.Empty((await client.GetAsync()).Jobs);

        Assert.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String("alice:hidden"u8)}", proxy.Requests[1], StringComparison.Ordinal);
    }

    private static JobsClient ThroughProxy(WebProxy proxy, Action<JobsClientOptions> change) =>
        TestClients.Owning(ConnectionPool.CreateHandler(TimeSpan.FromMinutes(2), () => proxy), change);
}
