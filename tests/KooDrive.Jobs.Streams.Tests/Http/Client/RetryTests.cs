using System.Net;
using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class RetryTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData((HttpStatusCode)599)]
    public async Task GetPageAsync_retries_transient_errors(HttpStatusCode status)
    {
        var handler = new StubHandler(_ => StubHandler.Respond(status, "{}"), _ => StubHandler.Respond(status, "{}"), _ => StubHandler.Page(Pages.Documented));

        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();
        await _time.RunAsync(getting, TimeSpan.FromSeconds(1));

        Assert.Equal(2, (await getting).Jobs.Count);
        Assert.Equal(3, handler.Requests.Count);
    }

    [Fact]
    public async Task GetPageAsync_retries_a_broken_connection_and_a_truncated_response()
    {
        var handler = new StubHandler(
            _ => throw new HttpRequestException("refused"),
            _ => StubHandler.Page(Pages.Documented[..^20]),
            _ => StubHandler.Page());

        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();
        await _time.RunAsync(getting, TimeSpan.FromSeconds(1));

        Assert.Empty((await getting).Jobs);
        Assert.Equal(3, handler.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "{}")]
    [InlineData(HttpStatusCode.Unauthorized, "{}")]
    [InlineData(HttpStatusCode.Forbidden, "{}")]
    [InlineData(HttpStatusCode.NotFound, "{}")]
    [InlineData(HttpStatusCode.Found, "{}")]
    [InlineData(HttpStatusCode.NoContent, "")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, """{"code":5}""")]
    public async Task GetPageAsync_does_not_retry_non_transient_errors(HttpStatusCode status, string body)
    {
        var handler = new StubHandler(_ => StubHandler.Respond(status, body));

        JobsException failure = await Assert.ThrowsAnyAsync<JobsException>(() => TestClients.Resilient(handler, _time).GetAsync());

        Assert.False(failure.IsTransient);
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task MaxRetries_limits_the_retries_and_each_attempt_is_a_new_request(int retries)
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "<html>"));
        PageSource pages = TestClients.Resilient(handler, _time, options =>
        {
            options.MaxRetries = retries;
            options.RequestTimeout = TimeSpan.FromHours(1);
        });

        Task<JobPage> getting = pages.GetAsync(300);
        await _time.RunAsync(getting, TimeSpan.FromSeconds(1));

        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(() => getting);
        Assert.Equal(retries + 1, handler.Requests.Count);
        Assert.Equal((HttpStatusCode.BadGateway, 300L), (failure.StatusCode, failure.Offset));
        var traceIds = Enumerable.Range(0, retries + 1).Select(i => handler.Header(i, "X-Traceid")).ToList();
        Assert.Equal(traceIds.Distinct(), traceIds);
        Assert.Equal(traceIds[^1], failure.TraceId);
        Assert.Equal(retries > 0, handler.Header(0, "X-Date") != handler.Header(retries, "X-Date"));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Thu, 01 Jan 2026 00:00:07 GMT")]
    public async Task RetryAfter_delays_the_retry_and_is_never_shortened(string retryAfter)
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", retryAfter)), _ => StubHandler.Page());
        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();

        _time.Advance(TimeSpan.FromSeconds(7) - Tick);
        Assert.False(getting.IsCompleted);
        Assert.Single(handler.Requests);
        _time.Advance(Tick);

        await getting;
        Assert.Equal("20260101T000007Z", handler.Header(1, "X-Date"));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task RetryAfter_as_a_date_is_relative_to_the_server_clock(int secondsAhead)
    {
        DateTimeOffset serverTime = _time.GetUtcNow().AddSeconds(-secondsAhead);
        var handler = new StubHandler(
            _ => StubHandler.Respond(
                HttpStatusCode.TooManyRequests, "{}", ("Date", serverTime.ToString("r")), ("Retry-After", serverTime.AddSeconds(7).ToString("r"))),
            _ => StubHandler.Page());
        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();

        _time.Advance(TimeSpan.FromSeconds(7) - Tick);
        Assert.Single(handler.Requests);
        _time.Advance(Tick);

        await getting;
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task RetryAfter_as_a_date_is_relative_to_the_clock_of_this_machine_when_the_Date_is_wrong(int hoursAhead)
    {
        DateTimeOffset now = _time.GetUtcNow();
        var handler = new StubHandler(
            _ => StubHandler.Respond(
                HttpStatusCode.TooManyRequests, "{}", ("Date", now.AddHours(hoursAhead).ToString("r")), ("Retry-After", now.AddSeconds(7).ToString("r"))),
            _ => StubHandler.Page());
        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();

        _time.Advance(TimeSpan.FromSeconds(7) - Tick);
        Assert.Single(handler.Requests);
        _time.Advance(Tick);

        await getting;
    }

    [Theory]
    [InlineData("1", "7")]
    [InlineData("7", "1")]
    [InlineData("1", "soon, 7")]
    [InlineData("soon", "7")]
    public async Task RetryAfter_is_the_longest_when_there_are_several(string first, string second)
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", first), ("Retry-After", second)), _ => StubHandler.Page());
        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();

        _time.Advance(TimeSpan.FromSeconds(7) - Tick);
        Assert.Single(handler.Requests);
        _time.Advance(Tick);

        await getting;
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Wed, 31 Dec 2025 23:59:59 GMT")]
    public async Task RetryAfter_of_zero_keeps_the_delay_of_the_backoff(string retryAfter)
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.ServiceUnavailable, "{}", ("Retry-After", retryAfter)), _ => StubHandler.Page());
        Task<JobPage> getting = TestClients.Resilient(handler, _time).GetAsync();

        Assert.Single(handler.Requests);
        await _time.RunAsync(getting, TimeSpan.FromSeconds(1));

        Assert.Equal(2, handler.Requests.Count);
    }

    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("31, 7", 31.0)]
    [InlineData("99999999999", (double)int.MaxValue)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    [InlineData("NaN, 7", 7.0)]
    [InlineData("-Infinity", null)]
    [InlineData("", null)]
    public async Task RetryAfter_accepts_fractions_lists_and_large_numbers(string retryAfter, double? seconds)
    {
        var handler = new StubHandler(_ =>
        {
            HttpResponseMessage response = StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}");
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            return response;
        });

        JobsThrottledException failure = await Assert.ThrowsAsync<JobsThrottledException>(
            () => TestClients.Resilient(handler, _time, options => options.MaxRetries = 0).GetAsync());

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task RetryAfter_longer_than_MaxRetryDelay_fails_the_request()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "31")));

        JobsThrottledException failure = await Assert.ThrowsAsync<JobsThrottledException>(() => TestClients.Resilient(handler, _time).GetAsync());

        Assert.Equal(TimeSpan.FromSeconds(31), failure.RetryAfter);
        Assert.Contains("retry after 31 s", failure.Message, StringComparison.Ordinal);
        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task MaxRetryDelay_limits_the_growing_delays()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.InternalServerError, "{}"));
        var logger = new RecordingLogger();
        PageSource pages = TestClients.Resilient(
            handler,
            _time,
            options =>
            {
                options.MaxRetries = 10;
                options.RetryDelay = TimeSpan.FromSeconds(1);
                options.MaxRetryDelay = TimeSpan.FromSeconds(5);
            },
            logger);
        DateTimeOffset start = _time.GetUtcNow();

        Task<JobPage> getting = pages.GetAsync();
        await _time.RunAsync(getting, TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAsync<JobsServerException>(() => getting);
        Assert.Equal(Enumerable.Repeat(1, 10), logger.EventIds);
        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10 * 5.2));
        Assert.StartsWith("The page at offset 0 failed and is retried in", logger.Entries[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestTimeout_reports_the_last_failure()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.ServiceUnavailable, "{}", ("Retry-After", "20")));
        PageSource pages = TestClients.Resilient(handler, _time, options => options.RequestTimeout = TimeSpan.FromSeconds(30));

        Task<JobPage> getting = pages.GetAsync();
        await _time.RunAsync(getting, TimeSpan.FromSeconds(10));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => getting);
        Assert.Contains("30 s (RequestTimeout)", failure.Message, StringComparison.Ordinal);
        Assert.IsType<JobsServerException>(failure.InnerException);
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task GetPageAsync_calls_a_callers_HttpClient_once()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.ServiceUnavailable, "{}", ("Retry-After", "1")));
        using JobsClient client = TestClients.Around(handler, timeProvider: _time);

        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(() => client.GetAsync());

        Assert.Equal(TimeSpan.FromSeconds(1), failure.RetryAfter);
        Assert.Single(handler.Requests);
    }
}
