using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public sealed class HttpHandlerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task HttpHandler_is_used_with_the_retries_of_the_library()
    {
        using var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "{}"), _ => StubHandler.Page());
        using JobsClient client = Create(handler);

        Task<JobPage> getting = client.GetAsync();
        await _time.RunAsync(getting, TimeSpan.FromSeconds(1));

        Assert.Empty((await getting).Jobs);
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task HttpHandler_is_used_with_the_timeouts_of_the_library_only()
    {
        using var handler = new SilentHandler();
        using JobsClient client = Create(handler, options =>
        {
            options.AttemptTimeout = options.RequestTimeout = TimeSpan.FromMinutes(9);
            options.MaxRetries = 0;
        });

        Task<JobPage> getting = client.GetAsync();
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Contains("540 s (", (await Assert.ThrowsAsync<JobsConnectionException>(() => getting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpHandler_is_not_disposed_and_can_be_shared()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient other = Create(handler);
        JobsClient client = Create(handler);
        await client.GetAsync();

        client.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = client.GetAsync(); });
        await other.GetAsync();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://drive.example");
        using HttpResponseMessage response = await invoker.SendAsync(message, TestClients.Cancellation);
        Assert.Equal(3, handler.Requests.Count);
    }

    [Fact]
    public void Constructor_rejects_both_an_HttpClient_and_a_handler()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        using var httpClient = new HttpClient(handler, disposeHandler: false);

        ArgumentException failure = Assert.Throws<ArgumentException>(
            () => new JobsClient(TestClients.Options(), TestClients.Credential, new JobsClientServices { HttpClient = httpClient, HttpHandler = handler }));

        Assert.StartsWith("HttpClient and HttpHandler are both set: set one of them.", failure.Message, StringComparison.Ordinal);
    }

    private JobsClient Create(HttpMessageHandler handler, Action<JobsClientOptions>? change = null) =>
        new(TestClients.Options(change), TestClients.Credential, new JobsClientServices { HttpHandler = handler, TimeProvider = _time });

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("An infinite delay ended.");
        }
    }
}
