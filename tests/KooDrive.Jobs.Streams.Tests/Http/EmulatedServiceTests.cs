using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>Single pages from the emulator, which has its own implementation of the API, over real sockets.</summary>
public class EmulatedServiceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, 500, TimeSpan.Zero);

    private readonly FakeTimeProvider _serverTime = new(Start);
    private readonly FakeTimeProvider _clientTime = new(Start);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetPageAsync_returns_each_field_of_the_documented_example(bool codeAsText)
    {
        await using JobsEmulator emulator = await StartAsync(
            new JobsEmulatorOptions { Preset = JobsEmulatorPreset.DocumentedExample, WriteCodeAsText = codeAsText });
        using JobsClient client = Client(emulator);

        JobPage page = await client.GetAsync(0, 2);

        Assert.Equal(Pages.Read(Pages.Documented).Jobs, page.Jobs);
        EmulatorRequest request = Assert.Single(emulator.Requests.Snapshot());
        Assert.Equal((request.RequestId, request.Headers["X-Traceid"]), (page.RequestId, page.TraceId));
    }

    [Theory]
    [InlineData(400, "13000102", typeof(JobsRequestException), false)]
    [InlineData(401, "401", typeof(JobsAuthenticationException), true)]
    [InlineData(500, "500", typeof(JobsServerException), false)]
    public async Task GetPageAsync_throws_with_all_facts_for_each_documented_error(int status, string code, Type exception, bool oldShape)
    {
        await using JobsEmulator emulator = await StartAsync();
        using JobsClient client = Client(emulator, options => options.MaxRetries = 0);
        emulator.Faults.Next(EmulatorFault.Fail(status, code, "as ordered", oldShape));

        JobsException failure = await Assert.ThrowsAnyAsync<JobsException>(() => client.GetAsync(7));

        Assert.IsType(exception, failure);
        Assert.Equal(((HttpStatusCode)status, code, "as ordered", 7L), (failure.StatusCode, failure.ErrorCode, failure.ApiMessage, failure.Offset));
        EmulatorRequest request = Assert.Single(emulator.Requests.Snapshot());
        Assert.Equal((request.RequestId, request.Headers["X-Traceid"]), (failure.RequestId, failure.TraceId));
    }

    [Fact]
    public async Task GetPageAsync_leaves_filters_offset_and_limit_to_the_server()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Jobs.Fill(300);
        using JobsClient client = Client(emulator);
        var query = new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Completed };

        JobPage page = await client.GetAsync(3, 5, query);

        Assert.Equal(emulator.Jobs.Snapshot(2, 2).Skip(3).Take(5).Select(job => job.TaskId), page.Jobs.Select(job => job.TaskId));
        Assert.Equal(5, page.Jobs.Count);
        Assert.All(page.Jobs, job => Assert.Equal((JobType.BatchDeletion, JobStatus.Completed), (job.Type, job.Status)));
        Assert.Empty((await client.GetAsync(300)).Jobs);
    }

    [Fact]
    public async Task GetPageAsync_sends_unknown_values_which_the_server_rejects()
    {
        await using JobsEmulator emulator = await StartAsync();
        using JobsClient client = Client(emulator);

        await Assert.ThrowsAsync<JobsRequestException>(() => client.GetAsync(query: new JobQuery { Type = (JobType)8 }));
    }

    [Fact]
    public async Task GetPageAsync_renews_an_expired_token_once_for_all_requests_in_flight()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Jobs.Fill(100);
        int callCount = 0;
        using JobsClient client = Client(emulator, credential: new AccessTokenCredential(async cancellationToken =>
        {
            string token = $"token-{Interlocked.Increment(ref callCount)}";
            await Task.Yield();
            emulator.Credentials.ReplaceTokens(token);
            return token;
        }));
        await client.GetAsync();

        for (int round = 2; round <= 4; round++)
        {
            emulator.Credentials.ReplaceTokens("none");
            JobPage[] pages = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.GetAsync(i * 10, 10)));

            Assert.Equal(round, callCount);
            Assert.Equal(emulator.Jobs.Snapshot().Select(job => job.TaskId), pages.SelectMany(page => page.Jobs).Select(job => job.TaskId));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task GetPageAsync_is_authorized_with_an_app_signature(string path)
    {
        await using JobsEmulator emulator = await StartAsync(new JobsEmulatorOptions { Preset = JobsEmulatorPreset.DocumentedExample, SampleJobCount = 10 });
        using JobsClient client = Client(
            emulator, options => options.Endpoint = new Uri(emulator.Endpoint + path), new AppCredential("emulator-app", "emulator-app-secret"));
        using JobsClient stranger = Client(emulator, credential: new AppCredential("emulator-app", "another-secret"));

        Assert.NotEmpty((await client.GetAsync(query: new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Completed })).Jobs);
        await Assert.ThrowsAsync<JobsAuthenticationException>(() => stranger.GetAsync());
    }

    [Fact]
    public async Task GetPageAsync_signs_each_retry_with_a_new_date()
    {
        await using JobsEmulator emulator = await StartAsync();
        using JobsClient client = Client(emulator, credential: new AppCredential("emulator-app", "emulator-app-secret"));
        emulator.Faults.Next(EmulatorFault.Fail(500), 3);

        await client.GetAsync();

        Assert.Equal(4, emulator.Requests.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3600)]
    [InlineData(-902)]
    public async Task GetPageAsync_corrects_a_clock_that_differs(int secondsAhead)
    {
        await using JobsEmulator emulator = await StartAsync();
        _clientTime.SetUtcNow(Start.AddDays(1));
        _serverTime.SetUtcNow(Start.AddDays(1).AddSeconds(-secondsAhead));
        using JobsClient client = Client(emulator);

        await client.GetAsync();
        await client.GetAsync();

        Assert.Equal([401, 200, 200], emulator.Requests.Snapshot().Select(request => request.StatusCode));
    }

    [Fact]
    public async Task ListJobs_is_complete_when_every_third_request_fails()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Jobs.Fill(20);
        using JobsClient client = Client(emulator);
        foreach (EmulatorFault fault in new[]
        {
            EmulatorFault.Fail(500),
            EmulatorFault.Fail(503),
            EmulatorFault.Throttle(TimeSpan.Zero),
            EmulatorFault.CutOff(0),
            EmulatorFault.CutOff(1000),
            EmulatorFault.Disconnect,
            EmulatorFault.Replace("<html>", "text/html", 502),
            EmulatorFault.Replace("""{"code":0,"data":[{"taskId":"1"},"""),
        })
        {
            emulator.Faults.Clear();
            emulator.Faults.Every(3, fault);
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(20, (await client.GetAsync()).Jobs.Count);
            }
        }
    }

    private Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, _serverTime, TestClients.Cancellation);

    private JobsClient Client(JobsEmulator emulator, Action<JobsClientOptions>? change = null, JobsCredential? credential = null) => TestClients.Create(
        options =>
        {
            options.Endpoint = emulator.Endpoint;
            options.RetryDelay = TimeSpan.Zero;
            change?.Invoke(options);
        },
        credential ?? TestClients.EmulatorCredential,
        timeProvider: _clientTime);
}
