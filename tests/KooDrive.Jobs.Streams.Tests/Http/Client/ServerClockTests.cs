using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public sealed class ServerClockTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, 500, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly RecordingLogger _logger = new();
    private int _tokenCount;

    public void Dispose() => _logger.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(1)]
    [InlineData(-901)]
    [InlineData(-86400)]
    public async Task GetPageAsync_corrects_the_clock_before_it_renews_the_credential(int secondsAhead)
    {
        var server = new ClockHandler(_time, TimeSpan.FromSeconds(-secondsAhead));
        using JobsClient client = Client(server);

        await client.GetAsync();
        await client.GetAsync();

        Assert.Equal((3, 1), (server.Requests, _tokenCount));
        Assert.Equal([3], _logger.EventIds);
    }

    [Fact]
    public async Task Explain_ignores_a_date_at_the_end_of_time()
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}", ("Date", "Fri, 31 Dec 9999 23:59:59 GMT")),
            _ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, timeProvider: _time);
        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        _time.Advance(TimeSpan.FromHours(1));
        await client.GetAsync();

        Assert.StartsWith("20260101T13", handler.Header(1, "X-Date"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_does_not_use_the_date_of_another_host()
    {
        var handler = new StubHandler(
            _ =>
            {
                HttpResponseMessage response = StubHandler.Respond(HttpStatusCode.Unauthorized, "{}", ("Date", "Fri, 01 Jan 2027 00:00:00 GMT"));
                response.RequestMessage = new HttpRequestMessage(HttpMethod.Get, "https://elsewhere.example/");
                return response;
            },
            _ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, timeProvider: _time);
        await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        await client.GetAsync();

        Assert.StartsWith("2026", handler.Header(1, "X-Date"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_renews_the_credential_when_the_clock_is_right()
    {
        var server = new ClockHandler(_time, TimeSpan.FromMinutes(15)) { RejectsAlways = true };
        using JobsClient client = Client(server);

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Equal((2, 2), (server.Requests, _tokenCount));
        Assert.Equal([2, 4], _logger.EventIds);
    }

    [Fact]
    public async Task GetPageAsync_corrects_the_clock_again_with_the_new_credential()
    {
        var server = new ClockHandler(_time, TimeSpan.FromHours(1)) { RejectsAlways = true };
        using JobsClient client = Client(server);

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Equal((4, 2), (server.Requests, _tokenCount));
        Assert.Equal([3, 2, 3, 4], _logger.EventIds);
        Assert.Equal(HttpStatusCode.Unauthorized, failure.StatusCode);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public async Task GetPageAsync_undoes_a_failed_correction_before_it_renews_the_credential(int hours)
    {
        // A proxy writes a wrong Date on every response. The clocks are right, the token has expired.
        var server = new ClockHandler(_time, TimeSpan.Zero) { Token = "token-2", StampedDate = TimeSpan.FromHours(hours) };
        using JobsClient client = Client(server);

        await client.GetAsync();
        await client.GetAsync();

        Assert.Equal((4, 2), (server.Requests, _tokenCount));
        Assert.Equal([3, 2], _logger.EventIds);
        Assert.Equal(["token-1", "token-1", "token-2", "token-2"], server.Tokens);
    }

    [Fact]
    public async Task GetPageAsync_recovers_from_a_wrong_clock_and_an_expired_token()
    {
        var server = new ClockHandler(_time, TimeSpan.FromHours(-1)) { Token = "token-2" };
        using JobsClient client = Client(server);

        await client.GetAsync();
        await client.GetAsync();

        Assert.Equal((5, 2), (server.Requests, _tokenCount));
        Assert.Equal([3, 2, 3], _logger.EventIds);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task GetPageAsync_drops_the_correction_when_the_wall_clock_is_set(int hours)
    {
        // The machine's clock is wrong at first, and corrected later: the old difference would make it wrong again.
        var time = new SteppedTimeProvider(_time) { Step = TimeSpan.FromHours(-hours) };
        var server = new ClockHandler(_time, TimeSpan.Zero);
        using JobsClient client = Client(server, time);
        await client.GetAsync();
        _time.Advance(TimeSpan.FromHours(6));
        await client.GetAsync();
        Assert.Equal(3, server.Requests);

        time.Step = TimeSpan.Zero;
        await client.GetAsync();

        Assert.Equal(4, server.Requests);
        Assert.Equal([3], _logger.EventIds);
    }

    [Fact]
    public async Task GetPageAsync_detects_that_the_wall_clock_was_set_right()
    {
        var server = new ClockHandler(_time, TimeSpan.FromHours(-1));
        using JobsClient client = Client(server);
        await client.GetAsync();

        server.Skew = TimeSpan.Zero;
        await client.GetAsync();

        Assert.Equal(4, server.Requests);
        Assert.Equal([3, 3], _logger.EventIds);
    }

    [Fact]
    public async Task GetPageAsync_renews_the_credential_when_the_server_date_lags_by_a_second()
    {
        // Servers update Date once a second, which looks like a client clock that is a second ahead, which the server would always reject. So a correction
        // is tried, and undone because it does not help.
        string token = "token-1";
        var handler = new StubHandler(request => StubHandler.Respond(
            request.Headers.NonValidated["Authorization"].ToString() == $"Bearer+{token}" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized,
            StubHandler.EmptyPage,
            ("Date", _time.GetUtcNow().AddSeconds(-1).ToString("r", CultureInfo.InvariantCulture))));
        using JobsClient client = Client(handler);
        await client.GetAsync();
        token = "token-2";

        await client.GetAsync();
        Assert.Equal((4, 2), (handler.Requests.Count, _tokenCount));
        Assert.Equal([3, 2], _logger.EventIds);

        token = "token-3";
        await client.GetAsync();
        Assert.Equal((7, 3), (handler.Requests.Count, _tokenCount));
        Assert.Equal([3, 2, 3, 2], _logger.EventIds);
    }

    [Fact]
    public async Task GetPageAsync_does_not_correct_the_clock_when_a_401_has_no_date()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"));
        using JobsClient client = TestClients.Around(handler, loggerFactory: _logger);

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Single(handler.Requests);
    }

    private JobsClient Client(HttpMessageHandler server, TimeProvider? time = null) => TestClients.Around(
        server,
        timeProvider: time ?? _time,
        loggerFactory: _logger,
        credential: new AccessTokenCredential(_ => new ValueTask<string>($"token-{++_tokenCount}")));

    /// <summary>A server with a clock of its own, as strict about X-Date as the document.</summary>
    private sealed class ClockHandler(TimeProvider time, TimeSpan skew) : HttpMessageHandler
    {
        public TimeSpan Skew { get; set; } = skew;

        public bool RejectsAlways { get; init; }

        /// <summary>The only token that is accepted; null for any.</summary>
        public string? Token { get; init; }

        /// <summary>The time by which Date is ahead of the server's clock.</summary>
        public TimeSpan StampedDate { get; init; }

        public int Requests { get; private set; }

        public List<string> Tokens { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            DateTimeOffset now = time.GetUtcNow() + Skew;
            var sent = DateTimeOffset.ParseExact(
                request.Headers.GetValues("X-Date").Single(), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            string token = request.Headers.NonValidated["Authorization"].ToString()["Bearer+".Length..];
            Tokens.Add(token);
            bool rejected = RejectsAlways || (Token is not null && token != Token) || sent > now || now - sent > TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1);
            HttpResponseMessage response = rejected ? StubHandler.Respond(HttpStatusCode.Unauthorized, "{}") : StubHandler.Page();
            response.Headers.Add("Date", (now + StampedDate).ToString("r", CultureInfo.InvariantCulture));
            return Task.FromResult(response);
        }
    }
}
