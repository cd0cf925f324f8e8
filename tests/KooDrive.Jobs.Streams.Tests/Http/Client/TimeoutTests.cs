using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class TimeoutTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task AttemptTimeout_ends_an_attempt_without_a_response_which_is_retried()
    {
        using var handler = new SilentHandler(firstResponse: 2);
        Task<JobPage> getting = TestClients.Resilient(handler, _time, options => options.RetryDelay = TimeSpan.Zero).GetAsync();

        _time.Advance(TimeSpan.FromSeconds(30));
        await handler.WaitForRequestsAsync(2);

        Assert.Empty((await getting).Jobs);
    }

    [Fact]
    public async Task GetPageAsync_throws_JobsConnectionException_when_an_attempt_times_out()
    {
        using var handler = new SilentHandler();
        Task<JobPage> getting = TestClients.Resilient(handler, _time, options => options.MaxRetries = 0).GetAsync(500);

        _time.Advance(TimeSpan.FromSeconds(30));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => getting);
        Assert.Contains("30 s (AttemptTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.Equal((500L, 58), (failure.Offset, failure.TraceId!.Length));
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task GetPageAsync_throws_JobsConnectionException_when_the_HttpClient_times_out()
    {
        using var handler = new SilentHandler();
        using var httpClient = new HttpClient(handler) { Timeout = TimeSpan.FromMilliseconds(20) };
        using JobsClient client = TestClients.Create(httpClient: httpClient);

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync());

        Assert.IsType<TaskCanceledException>(failure.InnerException);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"code\":0,")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 5000\r\n\r\n{\"code\":0,")]
    [InlineData("")]
    public async Task AttemptTimeout_covers_the_body_of_a_callers_HttpClient(string beginning)
    {
        await using var server = new SocketServer(
            async connection =>
            {
                await connection.SendAsync(beginning);
                await connection.StallAsync();
            },
            connection => connection.SendAsync(SocketServer.Ok(StubHandler.EmptyPage)));
        using var httpClient = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using JobsClient client = TestClients.Create(
            options => options.Endpoint = server.Endpoint, httpClient: httpClient, timeProvider: _time);

        Task<JobPage> getting = client.GetAsync();
        await server.StalledAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => getting);
        Assert.Contains("30 s (AttemptTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
        Assert.Single(server.Requests);
        Assert.Empty((await client.GetAsync()).Jobs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AttemptTimeout_ends_an_attempt_when_a_callers_handler_ignores_cancellation(bool hasResponse)
    {
        using var body = new NeverEndingStream();
        using JobsClient client = TestClients.Around(
            new IgnoringHandler(hasResponse ? new HttpResponseMessage { Content = new StreamContent(body) } : null), timeProvider: _time);

        Task<JobPage> getting = client.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => getting.WaitAsync(TimeSpan.FromMinutes(1), TestClients.Cancellation));
        Assert.Contains("30 s (AttemptTimeout)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestTimeout_covers_the_token_with_a_callers_HttpClient()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(
            handler,
            timeProvider: _time,
            credential: new AccessTokenCredential(async cancellationToken =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return TestClients.Token;
            }));
        Task<JobPage> getting = client.GetAsync();

        _time.Advance(TimeSpan.FromMinutes(2));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => getting);
        Assert.Contains("120 s (RequestTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(handler.Requests);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task GetPageAsync_measures_timeouts_and_delays_by_the_monotonic_clock(int hours)
    {
        var time = new SteppedTimeProvider(_time);
        using var handler = new SilentHandler(firstResponse: 2);
        Task<JobPage> getting = TestClients.Resilient(handler, time, options => options.RetryDelay = TimeSpan.Zero).GetAsync();
        await handler.WaitForRequestsAsync(1);

        time.Step = TimeSpan.FromHours(hours);
        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(handler.IsCanceled);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(handler.IsCanceled);

        await handler.WaitForRequestsAsync(1);
        Assert.Empty((await getting).Jobs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetPageAsync_throws_with_the_callers_token_when_canceled(bool isResilient)
    {
        using var handler = new SilentHandler();
        using var cancellation = new CancellationTokenSource();
        using JobsClient client = TestClients.Around(handler);
        Task<JobPage> getting = isResilient
            ? TestClients.Resilient(handler, _time).GetPageAsync(JobQuery.All, 0, 1, cancellation.Token)
            : client.GetPageAsync(JobQuery.All, 0, 1, cancellation.Token);

        await cancellation.CancelAsync();

        OperationCanceledException canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        Assert.Equal(cancellation.Token, canceled.CancellationToken);
    }

    [Fact]
    public async Task GetPageAsync_ends_the_delay_before_a_retry_when_canceled()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.ServiceUnavailable, "{}"));
        using var cancellation = new CancellationTokenSource();
        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetPageAsync(JobQuery.All, 0, 1, cancellation.Token);
        Assert.Single(handler.Requests);

        await cancellation.CancelAsync();

        OperationCanceledException canceled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        Assert.Equal(cancellation.Token, canceled.CancellationToken);
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetPageAsync_sends_nothing_when_already_canceled(bool isResilient)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler);
        var canceled = new CancellationToken(canceled: true);

        OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => isResilient
            ? TestClients.Resilient(handler, _time).GetPageAsync(JobQuery.All, 0, 1, canceled)
            : client.GetPageAsync(JobQuery.All, 0, 1, canceled));

        Assert.Equal(canceled, thrown.CancellationToken);
        Assert.Empty(handler.Requests);
    }

    /// <summary>Never responds to the requests before the given number.</summary>
    private sealed class SilentHandler(int firstResponse = int.MaxValue) : HttpMessageHandler
    {
        private readonly SemaphoreSlim _requested = new(0);
        private CancellationToken _first;
        private int _requests;

        /// <summary>Whether the first request was canceled, which a timeout does before anything else happens.</summary>
        public bool IsCanceled => _first.IsCancellationRequested;

        public async Task WaitForRequestsAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await _requested.WaitAsync(TestClients.Cancellation);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int number = Interlocked.Increment(ref _requests);
            _first = number == 1 ? cancellationToken : _first;
            _requested.Release();
            if (number >= firstResponse)
            {
                return StubHandler.Page();
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Cannot be reached.");
        }

        protected override void Dispose(bool disposing)
        {
            _requested.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Responds with a response, or never; cancellation changes nothing.</summary>
    private sealed class IgnoringHandler(HttpResponseMessage? response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            response is null ? new TaskCompletionSource<HttpResponseMessage>().Task : Task.FromResult(response);
    }

    private sealed class NeverEndingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(new TaskCompletionSource<int>().Task);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => new TaskCompletionSource<int>().Task;
    }
}
