using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>Watches of hostile servers over real sockets: a failed poll is published and the watch continues, or it ends with one clear error.</summary>
public class HostileWatchTests
{
    private static readonly JobWatchOptions Often = new()
    {
        PollInterval = TimeSpan.FromSeconds(0.1),
        MaxPollRetryDelay = TimeSpan.FromSeconds(0.1),
    };

    private static readonly JobWatchOptions OftenWithoutGrace = new()
    {
        PollInterval = Often.PollInterval,
        MaxPollRetryDelay = Often.MaxPollRetryDelay,
        FatalErrorGracePeriod = TimeSpan.Zero,
    };

    public static TheoryData<string> Broken => [.. HostileResponse.Broken.Keys];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Watch_survives_every_broken_response_after_a_success(string row)
    {
        HostileResponse response = HostileResponse.Broken[row];
        await using var list = new HostileList { Response = response };
        using JobsClient client = list.Client(options => options.MaxRetries = 0);
        await using JobWatch watch = client.WatchJobs(Often);
        List<JobEvent> published = [];

        await foreach (JobEvent next in watch.ReadEventsAsync(TestClients.Cancellation))
        {
            published.Add(next);
            if (next is PollCompleted && published.OfType<PollFailed>().Any())
            {
                break;
            }

            list.Hits = next is PollFailed ? _ => false : _ => true;
        }

        Assert.IsType(response.Failure!, Assert.Single(published.OfType<PollFailed>()).Exception);
        Assert.Empty(published.OfType<JobChange>());
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Watch_continues_after_transient_errors_and_ends_with_others(string row)
    {
        HostileResponse response = HostileResponse.Broken[row];
        await using var list = new HostileList { Response = response };
        using JobsClient client = list.Client(options => options.MaxRetries = 0);
        await using JobWatch watch = client.WatchJobs(OftenWithoutGrace);
        List<JobEvent> events = [];

        Exception? end = await Record.ExceptionAsync(async () =>
        {
            await foreach (JobEvent next in watch.ReadEventsAsync(TestClients.Cancellation))
            {
                events.Add(next);
                if (next is PollCompleted && events.OfType<PollFailed>().Any())
                {
                    break;
                }

                // The first poll succeeds. Later requests fail until a failure was published.
                list.Hits = next is PollFailed ? _ => false : _ => true;
            }
        });

        Assert.Equal(HostileList.TaskIds.Reverse(), events.OfType<JobListed>().Select(listed => listed.Job.TaskId));
        JobsException failure = Assert.IsAssignableFrom<JobsException>(response.IsTransient ? Assert.Single(events.OfType<PollFailed>()).Exception : end);
        Assert.IsType(response.Failure!, failure);
        Assert.Contains(response.Says, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, failure.Offset);
        Assert.Equal(response.HasRequestId, failure.RequestId is not null);
        Assert.Equal(response.IsTransient, end is null);
        Assert.Empty(events.OfType<JobChange>());
    }

    [Theory]
    [InlineData("40", 40)]
    [InlineData("Thu, 01 Jan 2026 00:00:50 GMT", 50)]
    public async Task Watch_delays_the_next_poll_for_RetryAfter_and_publishes_the_delay(string retryAfter, int seconds)
    {
        await using var list = new HostileList
        {
            Hits = _ => true,
            Response = new((connection, _) => connection.SendAsync(
                $"HTTP/1.1 429 No\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nRetry-After: {retryAfter}\r\nX-Request-Id: r\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")),
        };

        // Longer than the maximum delay of the client, so the watch waits.
        using JobsClient client = list.Client();
        await using JobWatch watch = client.WatchJobs(Often);
        await using IAsyncEnumerator<JobEvent> events = watch.ReadEventsAsync(TestClients.Cancellation).GetAsyncEnumerator(TestClients.Cancellation);

        Assert.True(await events.MoveNextAsync());

        PollFailed failed = Assert.IsType<PollFailed>(events.Current);
        JobsThrottledException throttled = Assert.IsType<JobsThrottledException>(failed.Exception);
        Assert.Equal((TimeSpan.FromSeconds(seconds), "r"), (throttled.RetryAfter, throttled.RequestId));
        Assert.InRange(failed.Delay, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds * 2));
        Assert.Single(list.Requests);
    }

    [Fact]
    public async Task Watch_renews_an_expired_token_once_and_then_ends_with_the_error()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 30 }, cancellationToken: TestClients.Cancellation);
        int tokens = 0;
        emulator.Credentials.ReplaceTokens("token-1");
        using JobsClient client = TestClients.ToEmulator(
            emulator.Endpoint, credential: new AccessTokenCredential(_ => ValueTask.FromResult($"token-{++tokens}")));
        await using JobWatch watch = client.WatchJobs(OftenWithoutGrace);
        int polls = 0;

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(async () =>
        {
            await foreach (JobEvent next in watch.ReadEventsAsync(TestClients.Cancellation))
            {
                Assert.IsNotType<PollFailed>(next);
                if (next is PollCompleted)
                {
                    // The renewed token is valid for one poll, and no valid token can be obtained afterwards.
                    emulator.Credentials.ReplaceTokens(++polls == 1 ? "token-2" : "another");
                }
            }
        });

        Assert.Equal((2, 3), (polls, tokens));
        Assert.Contains("rejected the credentials", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, failure.Offset);
        Assert.NotNull(failure.RequestId);
        Assert.Equal(3, emulator.Requests.Snapshot().Count(request => request.StatusCode == 401));
    }
}
