using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public sealed class ForUserTests
{
    private const string OtherUser = "1505084218764547201";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task ForUser_sends_the_user_and_the_credential()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler);
        using JobsClient other = client.ForUser(OtherUser, new AccessTokenCredential("other-token"));
        using JobsClient third = other.ForUser("3", new AccessTokenCredential("third-token"));

        await other.GetAsync();
        await client.GetAsync();
        await third.GetAsync();

        Assert.Equal([OtherUser, TestClients.UserId, "3"], handler.Requests.Select((_, index) => handler.Header(index, "X-User-Id")));
        Assert.Equal(
            ["Bearer+other-token", $"Bearer+{TestClients.Token}", "Bearer+third-token"],
            handler.Requests.Select((_, index) => handler.Header(index, "Authorization")));
    }

    [Fact]
    public async Task Clients_of_10_000_users_open_at_most_one_connection_per_request_in_flight()
    {
        const int Users = 10_000;
        const int InFlight = 16;
        await using var server = new KeepAliveServer();
        using JobsClient client = TestClients.Create(options => options.Endpoint = server.Endpoint);
        JobsClient[] clients = [.. Enumerable.Range(0, Users).Select(
            user => client.ForUser(user.ToString(CultureInfo.InvariantCulture), TestClients.Credential))];

        await Parallel.ForEachAsync(
            clients,
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = TestClients.Cancellation },
            async (user, cancellationToken) => await user.GetPageAsync(JobQuery.All, 0, 1, cancellationToken));

        Assert.Equal(Users, server.Users.Count);
        Assert.All(server.Users.Values, count => Assert.Equal(1, count));
        Assert.InRange(server.ConnectionCount, 1, InFlight);
    }

    [Fact]
    public void ForUser_allocates_less_than_400_bytes()
    {
        using JobsClient client = TestClients.Create();
        JobsCredential credential = TestClients.Credential;
        client.ForUser(OtherUser, credential);
        long before = GC.GetAllocatedBytesForCurrentThread();

        client.ForUser(OtherUser, credential);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 400);
    }

    [Fact]
    public async Task Clients_share_the_pause_that_the_server_requests()
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "7")), _ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, timeProvider: _time);
        await Assert.ThrowsAsync<JobsThrottledException>(() => client.ForUser(OtherUser, TestClients.Credential).GetAsync());

        Task<JobPage> getting = client.ForUser("3", TestClients.Credential).GetAsync();
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(handler.Requests);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        await getting;
    }

    [Fact]
    public async Task Clients_share_the_retry_budget()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "{}"));
        using JobsClient client = TestClients.Owning(
            handler,
            options =>
            {
                options.RetryBudget = 3;
                options.RetryDelay = TimeSpan.Zero;
            },
            _time);

        foreach (JobsClient user in new[] { client, client.ForUser(OtherUser, TestClients.Credential), client.ForUser("3", TestClients.Credential) })
        {
            await Assert.ThrowsAsync<JobsServerException>(() => user.GetAsync());
        }

        Assert.Equal(3 + 3, handler.Requests.Count);
    }

    [Fact]
    public async Task Clients_share_the_correction_of_the_clock()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}", ("Date", "Thu, 01 Jan 2026 13:00:00 GMT")), _ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, timeProvider: _time);
        await client.ForUser(OtherUser, TestClients.Credential).GetAsync();

        await client.ForUser("3", TestClients.Credential).GetAsync();

        Assert.Equal(["20260101T120000Z", "20260101T130000Z", "20260101T130000Z"], handler.Requests.Select((_, index) => handler.Header(index, "X-Date")));
    }

    [Fact]
    public async Task Dispose_of_a_client_for_another_user_leaves_the_connections_open()
    {
        var handler = new DisposalHandler();
        using JobsClient client = TestClients.Owning(handler);
        JobsClient other = client.ForUser(OtherUser, TestClients.Credential);

        other.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = other.GetAsync(); });
        Assert.Throws<ObjectDisposedException>(() => other.ForUser("3", TestClients.Credential));
        await client.GetAsync();
        await client.ForUser("3", TestClients.Credential).GetAsync();
        Assert.False(handler.IsDisposed);
    }

    [Fact]
    public async Task Dispose_of_a_client_for_another_user_does_not_end_its_requests_in_flight()
    {
        await using var server = new SocketServer(async connection =>
        {
            await connection.SendAsync(SocketServer.Ok(StubHandler.EmptyPage)[..20]);
            await connection.StallAsync();
        });
        using JobsClient client = TestClients.Create(options => options.Endpoint = server.Endpoint);
        JobsClient other = client.ForUser(OtherUser, TestClients.Credential);
        Task<JobPage> getting = other.GetAsync();
        await server.StalledAsync();

        other.Dispose();
        Assert.False(getting.IsCompleted);
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => getting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_of_the_owner_ends_the_clients_for_other_users(bool ownsHttpClient)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        JobsClient client = ownsHttpClient ? TestClients.Owning(handler) : TestClients.Around(handler);
        using JobsClient other = client.ForUser(OtherUser, TestClients.Credential);

        client.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = other.GetAsync(); });
        Assert.Throws<ObjectDisposedException>(() => client.ForUser("3", TestClients.Credential));
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public void ForUser_rejects_invalid_arguments_and_fakes()
    {
        using JobsClient client = TestClients.Around(new StubHandler(_ => StubHandler.Page()));
        using var fake = new FakeClient();

        Assert.Throws<ArgumentNullException>(() => client.ForUser(null!, TestClients.Credential));
        Assert.Throws<ArgumentException>(() => client.ForUser("", TestClients.Credential));
        Assert.Throws<ArgumentNullException>(() => client.ForUser(OtherUser, null!));
        ArgumentException invalid = Assert.Throws<ArgumentException>(() => client.ForUser("1\r\nX-Other: 2", TestClients.Credential));
        Assert.StartsWith("The user id must contain only visible ASCII characters", invalid.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => fake.ForUser(OtherUser, TestClients.Credential));
    }

    private sealed class FakeClient : JobsClient;

    private sealed class DisposalHandler : HttpMessageHandler
    {
        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(StubHandler.Page());

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
