using System.Net;
using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

/// <summary>The requests that reach a server that is down, in virtual time.</summary>
public sealed class RetryBudgetTests : IDisposable
{
    private const int Budget = 20;

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _logger = new();

    private int Retries => _logger.EventIds.Count(id => id == 1);

    public void Dispose() => _logger.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task RetryBudget_limits_the_requests_of_many_walks_to_a_server_that_is_down(int pagesInFlight)
    {
        var server = new SwitchedServer { IsDead = true };
        using JobsClient client = Client(server);

        // A caller that starts a new walk five seconds after each failure.
        async Task TryForAMinuteAsync()
        {
            for (int walk = 0; walk < 12; walk++)
            {
                JobListing listing = client.ListJobs(options: new() { PageSize = 10, PagesInFlight = pagesInFlight });
                await Assert.ThrowsAsync<JobsServerException>(async () => await listing.CountAsync(TestClients.Cancellation));
                await Task.Delay(TimeSpan.FromSeconds(5), _time, TestClients.Cancellation);
            }
        }

        await _time.RunAsync(TryForAMinuteAsync(), TimeSpan.FromSeconds(0.25));

        Assert.InRange(Retries, 1, Budget);
        Assert.InRange(server.Requests, 12, (12 * pagesInFlight) + Budget);
        Assert.Contains(5, _logger.EventIds);
        if (pagesInFlight == 1)
        {
            Assert.Equal(12 + Budget, server.Requests);
        }
    }

    [Fact]
    public async Task RetryBudget_is_shared_by_pages_in_flight()
    {
        var server = new SwitchedServer { IsDead = true };
        using JobsClient client = Client(server);

        Task<Exception?[]> requests = Task.WhenAll(Enumerable.Range(0, 50).Select(i => Record.ExceptionAsync(() => client.GetAsync(i)).AsTask()));
        await _time.RunAsync(requests, TimeSpan.FromSeconds(1));

        Assert.All(await requests, failure => Assert.IsType<JobsServerException>(failure));
        Assert.Equal((50 + Budget, Budget), (server.Requests, Retries));
    }

    [Fact]
    public async Task RetryBudget_limits_the_requests_of_a_watch_to_a_server_that_is_down()
    {
        var server = new SwitchedServer { IsDead = true };
        using JobsClient client = Client(server, options => options.RetryDelay = TimeSpan.Zero);
        var scheduler = new TestScheduler();
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = scheduler });
        int polls = 0;
        using IDisposable subscription = watch.Events.Subscribe(next => polls += next is PollFailed ? 1 : 0);

        // At 0, 5, 15 and 35 seconds: the wait doubles.
        scheduler.AdvanceTo(TimeSpan.FromMinutes(1).Ticks);
        Assert.Equal((4, 4 * 5), (polls, server.Requests));

        scheduler.AdvanceTo(TimeSpan.FromHours(1).Ticks);
        Assert.Equal(polls + Budget, server.Requests);
        Assert.InRange(polls, 5, 60);
    }

    [Fact]
    public async Task RetryBudget_is_refilled_by_successful_pages()
    {
        var server = new SwitchedServer { IsDead = true };
        using JobsClient client = Client(server, options =>
        {
            options.RetryBudget = 2;
            options.RetryDelay = TimeSpan.Zero;
        });
        await Assert.ThrowsAsync<JobsServerException>(() => client.GetAsync());
        Assert.Equal(3, server.Requests);
        await Assert.ThrowsAsync<JobsServerException>(() => client.GetAsync());
        Assert.Equal(4, server.Requests);

        server.IsDead = false;
        for (int page = 0; page < 5; page++)
        {
            await client.GetAsync();
        }

        server.IsDead = true;
        await Assert.ThrowsAsync<JobsServerException>(() => client.GetAsync());
        Assert.Equal(4 + 5 + 3, server.Requests);
    }

    [Fact]
    public async Task RetryBudget_suffices_for_a_walk_when_half_of_all_attempts_fail()
    {
        var server = new SwitchedServer { FailsEverySecond = true };
        using JobsClient client = Client(server, options =>
        {
            options.RetryBudget = 1;
            options.RetryDelay = TimeSpan.Zero;
        });

        for (int page = 0; page < 500; page++)
        {
            await client.GetAsync(page);
        }

        Assert.Equal((1000, 500), (server.Requests, Retries));
    }

    [Fact]
    public async Task RetryBudget_is_not_used_by_failures_that_are_not_retried()
    {
        var rejecting = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadRequest, "{}"));
        PageSource pages = TestClients.Resilient(rejecting, _time, options => options.RetryBudget = 1, _logger);
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<JobsRequestException>(() => pages.GetAsync());
        }

        Assert.DoesNotContain(5, _logger.EventIds);

        var failing = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "{}"));
        pages = TestClients.Resilient(
            failing,
            _time,
            options =>
            {
                options.RetryBudget = 2;
                options.MaxRetries = 1;
                options.RetryDelay = TimeSpan.Zero;
            },
            _logger);

        // The last attempt fails too, but is not retried, so the second page still has its retry.
        await Assert.ThrowsAsync<JobsServerException>(() => pages.GetAsync());
        await Assert.ThrowsAsync<JobsServerException>(() => pages.GetAsync());
        Assert.Equal(4, failing.Requests.Count);
        Assert.DoesNotContain(5, _logger.EventIds);
    }

    private JobsClient Client(HttpMessageHandler server, Action<JobsClientOptions>? change = null) =>
        TestClients.Owning(server, change, _time, _logger);

    private sealed class SwitchedServer : HttpMessageHandler
    {
        private int _requests;

        public bool IsDead { get; set; }

        public bool FailsEverySecond { get; init; }

        public int Requests => Volatile.Read(ref _requests);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int number = Interlocked.Increment(ref _requests);
            HttpResponseMessage response = IsDead || (FailsEverySecond && number % 2 == 1)
                ? StubHandler.Respond(HttpStatusCode.ServiceUnavailable, "{}")
                : StubHandler.Page(Pages.Documented);
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }
}
