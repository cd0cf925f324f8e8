using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public sealed class RequestBudgetTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLimiter _limiter = new();

    public void Dispose() => _limiter.Dispose();

    [Fact]
    public async Task MaxRequestsPerSecond_applies_to_the_attempts_of_all_users_including_retries()
    {
        var handler = new TimedHandler(_time, number => number == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.OK);
        using JobsClient client = Create(handler, options =>
        {
            options.MaxRequestsPerSecond = 2;
            options.RetryDelay = TimeSpan.Zero;
        });

        Task pages = Task.WhenAll(client.GetAsync(), client.GetAsync(), client.ForUser("2", TestClients.Credential).GetAsync());
        await _time.RunAsync(pages, TimeSpan.FromMilliseconds(1));
        await pages;

        Assert.Equal(4, handler.SentAt.Count);
        Assert.All(handler.SentAt.Index(), sent => Assert.True(sent.Item.TotalSeconds >= 0.5 * sent.Index, string.Join(", ", handler.SentAt)));
    }

    [Fact]
    public async Task AttemptTimeout_does_not_include_the_wait_for_a_permit()
    {
        using JobsClient client = Create(new StubHandler(_ => StubHandler.Page()), options =>
        {
            options.MaxRequestsPerSecond = 0.02;
            options.MaxRetries = 0;
        });
        await client.GetAsync();

        Task<JobPage> waiting = client.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(49));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await waiting;
    }

    [Fact]
    public async Task RequestTimeout_includes_the_wait_for_a_permit()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = Create(handler, options => options.MaxRequestsPerSecond = 0.01);
        await client.GetAsync();
        Task<JobPage> waiting = client.GetAsync();
        Task<JobPage> late = client.GetAsync(700);

        _time.Advance(TimeSpan.FromSeconds(100));
        await waiting;
        _time.Advance(TimeSpan.FromSeconds(20));

        JobsThrottledException failure = await Assert.ThrowsAsync<JobsThrottledException>(() => late);
        Assert.StartsWith(
            "The request was not sent within 120 s (RequestTimeout), because the limit of the request rate was reached.", failure.Message, StringComparison.Ordinal);
        Assert.Equal((700L, null, true), (failure.Offset, failure.RetryAfter, failure.IsTransient));
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task RequestTimeout_in_a_pause_reports_the_pause_to_requests_that_wait_for_a_permit()
    {
        using JobsClient client = Create(new StubHandler(_ => Throttled("25")), options =>
        {
            options.MaxRequestsPerSecond = 10;
            options.MaxRetries = 0;
            options.AttemptTimeout = options.RequestTimeout = TimeSpan.FromSeconds(10);
        });
        await Assert.ThrowsAsync<JobsThrottledException>(() => client.GetAsync());

        Task<JobPage> waiting = client.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        JobsThrottledException failure = await Assert.ThrowsAsync<JobsThrottledException>(() => waiting);
        Assert.StartsWith("The server requested a pause", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(15), failure.RetryAfter);
    }

    [Fact]
    public async Task RetryAfter_silences_all_users_and_no_user_starves()
    {
        const int Users = 300;
        const int Throttled = 100;
        const int StepsOfPause = 150;
        var handler = new TimedHandler(_time, number => number == Throttled ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
        using JobsClient client = Create(handler, options =>
        {
            options.MaxRequestsPerSecond = 50;
            options.MaxRetries = 0;
        });
        using var stop = new CancellationTokenSource();
        int callCount = 0;
        await client.GetAsync();
        Task[] users = [.. Enumerable.Range(0, Users).Select(user => RequestAsync(client.ForUser(user.ToString(CultureInfo.InvariantCulture), TestClients.Credential)))];

        // All users always wait, so that each step of 20 ms sends one request, except in the pause.
        for (int step = 1; step < 1_000; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            int sent = step < Throttled ? step + 1 : Math.Max(Throttled, step + 2 - StepsOfPause);
            for (int spin = 0; Volatile.Read(ref callCount) < Users + sent - 1 && spin < 1_000_000; spin++)
            {
                await Task.Yield();
            }

            Assert.Equal(Users + sent - 1, Volatile.Read(ref callCount));
        }

        await stop.CancelAsync();
        await Task.WhenAll(users);
        int[] counts = [.. handler.Users.Where(user => user != TestClients.UserId).CountBy(user => user).Select(count => count.Value)];
        Assert.Equal(Users, counts.Length);
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        Assert.Equal(TimeSpan.FromSeconds(3), handler.SentAt.Zip(handler.SentAt.Skip(1), (first, second) => second - first).Max());

        async Task RequestAsync(JobsClient user)
        {
            while (!stop.IsCancellationRequested)
            {
                Task<JobPage> page = user.GetPageAsync(JobQuery.All, 0, 1, stop.Token);
                Interlocked.Increment(ref callCount);
                await ((Task)page).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [Fact]
    public async Task Dispose_ends_requests_that_wait_for_a_permit()
    {
        JobsClient client = Create(new StubHandler(_ => StubHandler.Page()), options => options.MaxRequestsPerSecond = 0.1);
        await client.GetAsync();
        Task<JobPage> waiting = client.ForUser("2", TestClients.Credential).GetAsync();

        client.Dispose();

        Assert.Equal("JobsClient", (await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting)).ObjectName);
    }

    [Fact]
    public async Task RateLimiter_grants_each_attempt_which_returns_the_lease()
    {
        List<int> held = [];
        var handler = new StubHandler(
            _ => Respond(HttpStatusCode.Unauthorized), _ => Respond(HttpStatusCode.BadGateway), _ => Respond(HttpStatusCode.OK));
        using JobsClient client = Create(
            handler, options => options.RetryDelay = TimeSpan.Zero, _limiter, new AccessTokenCredential(_ => new("token")));

        Task<JobPage> page = client.GetAsync();
        Assert.Empty(handler.Requests);
        _limiter.Grant();
        _limiter.Grant();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _limiter.Grant();

        await page;
        Assert.Equal([1, 1, 1], held);
        Assert.Equal((3, 0), (_limiter.RequestedCount, _limiter.HeldCount));

        HttpResponseMessage Respond(HttpStatusCode status)
        {
            held.Add(_limiter.HeldCount);
            return StubHandler.Respond(status, StubHandler.EmptyPage);
        }
    }

    [Fact]
    public async Task RateLimiter_of_concurrency_limits_the_requests_in_flight()
    {
        using var limiter = new ConcurrencyLimiter(new() { PermitLimit = 2, QueueLimit = 100 });
        using var handler = new GatedHandler();
        using JobsClient client = Create(handler, limiter: limiter);

        Task[] pages = [.. Enumerable.Range(0, 10).Select(user => client.ForUser($"{user}", TestClients.Credential).GetAsync())];
        for (int sent = 2; sent <= 10; sent++)
        {
            Assert.Equal(2, handler.InFlightCount);
            handler.Release();
            await Task.WhenAny(pages);
            pages = [.. pages.Where(page => !page.IsCompleted)];
            for (int spin = 0; handler.InFlightCount < Math.Min(2, pages.Length) && spin < 1_000_000; spin++)
            {
                await Task.Yield();
            }
        }

        handler.Release();
        await Task.WhenAll(pages);
    }

    [Fact]
    public async Task Permit_that_is_granted_during_a_pause_is_returned_and_replaced()
    {
        var handler = new StubHandler(_ => Throttled("7"), _ => StubHandler.Page());
        using JobsClient client = Create(handler, options => options.MaxRetries = 0, _limiter);
        Task<JobPage> throttled = client.GetAsync();
        Task<JobPage> waiting = client.GetAsync();
        _limiter.Grant();
        await Assert.ThrowsAsync<JobsThrottledException>(() => throttled);

        _limiter.Grant();
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal((1, 2, 0), (handler.Requests.Count, _limiter.RequestedCount, _limiter.HeldCount));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((1, 3), (handler.Requests.Count, _limiter.RequestedCount));
        _limiter.Grant();

        await waiting;
        Assert.Equal(0, _limiter.HeldCount);
    }

    [Fact]
    public async Task Clients_with_the_same_RateLimiter_share_a_pause()
    {
        var handler = new StubHandler(_ => Throttled("7"), _ => StubHandler.Page());
        using JobsClient first = Create(handler, options => options.MaxRetries = 0, _limiter);
        using JobsClient second = Create(handler, limiter: _limiter);
        using var otherLimiter = new FakeLimiter();
        using JobsClient other = Create(handler, limiter: otherLimiter);
        Task<JobPage> throttled = first.GetAsync();
        _limiter.Grant();
        await Assert.ThrowsAsync<JobsThrottledException>(() => throttled);

        Task<JobPage> waiting = second.GetAsync();
        Task<JobPage> unaffected = other.GetAsync();

        otherLimiter.Grant();
        await unaffected;
        Assert.Equal(1, _limiter.RequestedCount);
        _time.Advance(TimeSpan.FromSeconds(7));
        _limiter.Grant();
        await waiting;
    }

    [Fact]
    public async Task Request_that_the_RateLimiter_rejects_is_retried_after_the_delay_of_the_lease()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = Create(handler, options => options.MaxRetries = 1, _limiter);
        Task<JobPage> page = client.GetAsync(300);

        _limiter.Deny(TimeSpan.FromSeconds(9));
        _time.Advance(TimeSpan.FromSeconds(8.9));
        Assert.Equal((1, 0), (_limiter.RequestedCount, _limiter.HeldCount));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _limiter.Deny(TimeSpan.FromSeconds(9));

        JobsThrottledException failure = await Assert.ThrowsAsync<JobsThrottledException>(() => page);
        Assert.StartsWith("The rate limiter rejected the request, which was not sent.", failure.Message, StringComparison.Ordinal);
        Assert.Equal((TimeSpan.FromSeconds(9), 300L, null), (failure.RetryAfter, failure.Offset, failure.StatusCode));
        Assert.Equal((0, 0), (handler.Requests.Count, _limiter.HeldCount));
    }

    [Fact]
    public async Task Exception_of_the_RateLimiter_is_a_transient_failure()
    {
        using JobsClient client = Create(new StubHandler(_ => StubHandler.Page()), options => options.MaxRetries = 0, _limiter);
        Task<JobPage> page = client.GetAsync();

        _limiter.Fail(new InvalidCastException("Redis"));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => page);
        Assert.StartsWith("The rate limiter failed (InvalidCastException), and the request was not sent.", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Both_limits_apply_when_both_are_set()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = Create(handler, options => options.MaxRequestsPerSecond = 1, _limiter);
        Task<JobPage> first = client.GetAsync();
        Task<JobPage> second = client.GetAsync();

        _limiter.Grant();
        await first;
        _limiter.Grant();
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal((1, 1), (handler.Requests.Count, _limiter.HeldCount));
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        Assert.Equal((0, false), (_limiter.HeldCount, _limiter.IsDisposed));
    }

    [Fact]
    public async Task Request_that_waits_for_its_token_takes_no_permit()
    {
        var token = new TaskCompletionSource<string>();
        using JobsClient client = Create(
            new StubHandler(_ => StubHandler.Page()), limiter: _limiter, credential: new AccessTokenCredential(_ => new(token.Task)));
        Task<JobPage> page = client.GetAsync();
        Assert.Equal(0, _limiter.RequestedCount);

        token.SetResult("token");
        for (int spin = 0; _limiter.RequestedCount == 0 && spin < 1_000_000; spin++)
        {
            await Task.Yield();
        }

        _limiter.Grant();
        await page;
    }

    [Theory]
    [InlineData(429, "7", 7.0)]
    [InlineData(503, "7", 7.0)]
    [InlineData(429, "86400", 30.0)]
    [InlineData(429, "0", null)]
    [InlineData(500, "7", null)]
    public async Task OnPaused_receives_the_pause_that_a_response_starts(int status, string retryAfter, double? seconds)
    {
        List<TimeSpan> pauses = [];
        using JobsClient client = Create(
            new StubHandler(_ => StubHandler.Respond((HttpStatusCode)status, "{}", ("Retry-After", retryAfter))), options => options.MaxRetries = 0, onPaused: pauses.Add);

        await Assert.ThrowsAnyAsync<JobsException>(() => client.GetAsync());

        Assert.Equal(seconds is { } pause ? [pause] : [], pauses.Select(time => time.TotalSeconds));
    }

    [Fact]
    public async Task OnPaused_that_throws_does_not_replace_the_failure_of_the_request()
    {
        using var log = new RecordingLogger();
        using JobsClient client = Create(
            new StubHandler(_ => Throttled("7")), options => options.MaxRetries = 0, onPaused: _ => throw new InvalidOperationException(), log: log);

        await Assert.ThrowsAsync<JobsThrottledException>(() => client.GetAsync());

        Assert.Contains(402, log.EventIds);
    }

    private static HttpResponseMessage Throttled(string seconds) =>
        StubHandler.Respond(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", seconds));

    private JobsClient Create(
        HttpMessageHandler handler, Action<JobsClientOptions>? change = null, RateLimiter? limiter = null, JobsCredential? credential = null,
        Action<TimeSpan>? onPaused = null, RecordingLogger? log = null) => new(
            TestClients.Options(change),
            credential ?? TestClients.Credential,
            new JobsClientServices
            {
                HttpHandler = handler,
                RateLimiter = limiter,
                TimeProvider = _time,
                OnPaused = onPaused,
                LoggerFactory = log ?? new RecordingLogger(),
            });

    /// <summary>Records the time and the user of each request.</summary>
    private sealed class TimedHandler(FakeTimeProvider time, Func<int, HttpStatusCode> respond) : HttpMessageHandler
    {
        private readonly Lock _lock = new();

        public List<TimeSpan> SentAt { get; } = [];

        public List<string> Users { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                SentAt.Add(time.GetUtcNow() - time.Start);
                Users.Add(request.Headers.GetValues("X-User-Id").Single());
                HttpStatusCode status = respond(SentAt.Count);
                return Task.FromResult(status is HttpStatusCode.TooManyRequests ? Throttled("3") : StubHandler.Respond(status, StubHandler.EmptyPage));
            }
        }
    }

    /// <summary>Responds when the test releases a response, oldest request first.</summary>
    private sealed class GatedHandler : HttpMessageHandler
    {
        private readonly Lock _lock = new();
        private readonly Queue<TaskCompletionSource> _inFlight = new();

        public int InFlightCount
        {
            get
            {
                lock (_lock)
                {
                    return _inFlight.Count;
                }
            }
        }

        public void Release()
        {
            TaskCompletionSource request;
            lock (_lock)
            {
                request = _inFlight.Dequeue();
            }

            request.SetResult();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _inFlight.Enqueue(released);
            }

            await released.Task;
            return StubHandler.Page();
        }
    }
}
