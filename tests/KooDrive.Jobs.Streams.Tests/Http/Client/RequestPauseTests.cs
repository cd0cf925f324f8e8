using System.Net;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public sealed class RequestPauseTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _logger.Dispose();

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task RetryAfter_pauses_new_pages_and_other_pages_in_flight(HttpStatusCode status)
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.BadGateway, "{}"),
            _ => StubHandler.Respond(status, "{}", ("Retry-After", "7")),
            _ => StubHandler.Page());
        PageSource pages = TestClients.Resilient(handler, _time, logger: _logger);

        // The first one waits for its retry, which would be due after a second at most.
        Task<JobPage> inFlight = pages.GetAsync(0);
        Task<JobPage> throttled = pages.GetAsync(100);
        Task<JobPage> added = pages.GetAsync(200);

        _time.Advance(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(2) - Tick);
        Assert.Equal(2, handler.Requests.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Task.WhenAll(inFlight, throttled, added);
        Assert.Equal(5, handler.Requests.Count);
        Assert.Equal("The server requested a pause of 7 s (Retry-After). All requests that share the budget wait 7 s.", Assert.Single(_logger.Entries, entry => entry.EventId == 400).Message);
    }

    [Fact]
    public async Task RetryAfter_pauses_the_pages_of_a_callers_HttpClient()
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "7")), _ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, timeProvider: _time);
        await Assert.ThrowsAsync<JobsThrottledException>(() => client.GetAsync());

        Task<JobPage> next = client.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(7) - Tick);
        Assert.Single(handler.Requests);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await next;
    }

    [Fact]
    public async Task RetryAfter_of_another_status_pauses_nothing()
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.BadRequest, "{}", ("Retry-After", "7")), _ => StubHandler.Page());
        PageSource pages = TestClients.Resilient(handler, _time);
        await Assert.ThrowsAsync<JobsRequestException>(() => pages.GetAsync());

        await pages.GetAsync();
    }

    [Fact]
    public async Task RetryAfter_pauses_at_most_for_MaxRetryDelay()
    {
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "3600")), _ => StubHandler.Page());
        PageSource pages = TestClients.Resilient(handler, _time);
        await Assert.ThrowsAsync<JobsThrottledException>(() => pages.GetAsync());

        Task<JobPage> next = pages.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(30) - Tick);
        Assert.Single(handler.Requests);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await next;
    }

    [Fact]
    public async Task RequestTimeout_includes_a_pause_and_reports_the_remaining_time()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "25")));
        PageSource pages = TestClients.Resilient(handler, _time, options =>
        {
            options.AttemptTimeout = options.RequestTimeout = TimeSpan.FromSeconds(10);
            options.MaxRetries = 0;
        });
        await Assert.ThrowsAsync<JobsThrottledException>(() => pages.GetAsync());

        Task<JobPage> next = pages.GetAsync(300);
        _time.Advance(TimeSpan.FromSeconds(10));

        JobsThrottledException failure = await Assert.ThrowsAsync<JobsThrottledException>(() => next);
        Assert.Equal((TimeSpan.FromSeconds(15), 300L, true), (failure.RetryAfter!.Value, failure.Offset!.Value, failure.IsTransient));
        Assert.StartsWith("The server requested a pause (Retry-After), which did not end within 10 s (RequestTimeout).", failure.Message, StringComparison.Ordinal);
        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task GetPageAsync_stops_waiting_for_a_pause_when_canceled()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "7")));
        PageSource pages = TestClients.Resilient(handler, _time, options => options.MaxRetries = 0);
        await Assert.ThrowsAsync<JobsThrottledException>(() => pages.GetAsync());
        using var canceled = new CancellationTokenSource();
        Task<JobPage> next = pages.GetPageAsync(JobQuery.All, 0, 1, canceled.Token);

        await canceled.CancelAsync();

        Assert.Equal(canceled.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next)).CancellationToken);
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task WaitAsync_does_not_depend_on_the_wall_clock(int hours)
    {
        var time = new SteppedTimeProvider(_time);
        var pause = new RequestPause(time);
        pause.Extend(TimeSpan.FromSeconds(7), TimeSpan.FromMinutes(1));
        ValueTask waiting = pause.WaitAsync(TestClients.Cancellation);

        time.Step = TimeSpan.FromHours(hours);
        _time.Advance(TimeSpan.FromSeconds(7) - Tick);
        Assert.False(waiting.IsCompleted);
        _time.Advance(Tick);

        await waiting;
    }

    [Fact]
    public async Task WaitAsync_waits_for_an_extension_and_Extend_never_shortens()
    {
        var pause = new RequestPause(_time);
        Assert.Equal(TimeSpan.Zero, pause.Remaining);
        Assert.Equal(TimeSpan.FromSeconds(5), pause.Extend(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)));
        ValueTask waiting = pause.WaitAsync(TestClients.Cancellation);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(10), pause.Extend(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)));
        Assert.Null(pause.Extend(TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(1)));
        Assert.Null(pause.Extend(TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(TimeSpan.FromSeconds(8), pause.Remaining);
        _time.Advance(TimeSpan.FromSeconds(8));

        await waiting;
        Assert.Equal(TimeSpan.Zero, pause.Remaining);
    }
}
