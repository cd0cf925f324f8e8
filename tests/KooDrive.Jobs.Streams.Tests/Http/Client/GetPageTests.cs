using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class GetPageTests
{
    [Fact]
    public async Task GetPageAsync_names_the_exception_of_a_handler_of_the_callers_HttpClient()
    {
        var thrown = new KeyNotFoundException("no route for s3cret");
        using JobsClient client = TestClients.Around(new StubHandler(_ => throw thrown));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync(offset: 7));

        Assert.StartsWith(
            "A handler of the HttpClient threw an exception of type KeyNotFoundException. Correct the handler; the inner exception has the details. (trace id",
            failure.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.Message, StringComparison.Ordinal);
        Assert.Same(thrown, failure.InnerException);
        Assert.Equal((7, false), (failure.Offset, failure.IsTransient));
    }

    [Fact]
    public async Task ListJobs_throws_with_a_resume_point_when_a_handler_throws()
    {
        using JobsClient client = TestClients.Around(new StubHandler(_ => throw new KeyNotFoundException()));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(async () => await client.ListJobs().CountAsync(TestClients.Cancellation));

        Assert.NotNull(failure.ResumePoint);
    }

    [Fact]
    public async Task GetPageAsync_sends_the_documented_request()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        var time = new FakeTimeProvider(new DateTimeOffset(2025, 11, 3, 9, 1, 40, 999, TimeSpan.FromHours(2)));
        using JobsClient client = TestClients.Around(handler, timeProvider: time);

        JobPage page = await client.GetAsync(0, 2);

        HttpRequestMessage request = Assert.Single(handler.Requests);
        Assert.Equal("https://drive.example/koodrive/ose/v1/jobs?offset=0&limit=2", request.RequestUri!.ToString());
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Equal($"Bearer+{TestClients.Token}", handler.Header(0, "Authorization"));
        Assert.Equal(TestClients.UserId, handler.Header(0, "X-User-Id"));
        Assert.Equal("20251103T070140Z", handler.Header(0, "X-Date"));
        Assert.Equal("en-US", handler.Header(0, "language"));
        Assert.Matches("^[0-9a-f]{58}$", handler.Header(0, "X-Traceid"));
        Assert.Equal(handler.Header(0, "X-Traceid"), page.TraceId);
    }

    [Fact]
    public async Task GetPageAsync_sends_filters_and_a_path_of_the_endpoint()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, options =>
        {
            options.Endpoint = new Uri("https://drive.example:8443/behind/a/gateway/");
            options.AuthorizationPrefix = "Bearer ";
            options.Language = "zh-CN";
        });

        await client.GetAsync(long.MaxValue, 1, new JobQuery { Type = (JobType)9, Status = JobStatus.Pending });

        Assert.Equal(
            "https://drive.example:8443/behind/a/gateway/koodrive/ose/v1/jobs?type=9&status=0&offset=9223372036854775807&limit=1",
            handler.Requests[0].RequestUri!.ToString());
        Assert.Equal($"Bearer {TestClients.Token}", handler.Header(0, "Authorization"));
        Assert.Equal("zh-CN", handler.Header(0, "language"));
    }

    [Fact]
    public async Task GetPageAsync_names_the_library_unless_the_callers_HttpClient_names_itself()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using var httpClient = new HttpClient(handler);
        using JobsClient client = TestClients.Create(httpClient: httpClient);
        await client.GetAsync();

        httpClient.DefaultRequestHeaders.Add("User-Agent", "app/1.0");
        await client.GetAsync();

        Assert.Matches(@"^KooDrive\.Jobs\.Streams/\d+\.\d+\.\d+$", handler.Header(0, "User-Agent"));
        Assert.Equal("app/1.0", handler.Header(1, "User-Agent"));
    }

    [Fact]
    public async Task GetPageAsync_starts_the_trace_id_with_the_current_activity()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler);
        using Activity activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        JobPage first = await client.GetAsync();
        JobPage second = await client.GetAsync();

        Assert.StartsWith(activity.TraceId.ToHexString() + activity.SpanId.ToHexString(), first.TraceId);
        Assert.Equal(58, first.TraceId!.Length);
        Assert.NotEqual(first.TraceId, second.TraceId);
    }

    [Fact]
    public async Task GetPageAsync_returns_the_requested_range_and_the_request_id()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(System.Net.HttpStatusCode.OK, StubHandler.EmptyPage, ("x-request-ID", "abc-1")));
        using JobsClient client = TestClients.Around(handler);

        JobPage page = await client.GetAsync(300, 7);

        Assert.Equal((300, 7, "abc-1"), (page.Offset, page.Limit, page.RequestId));
        Assert.Empty(page.Jobs);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 101)]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    public void GetPageAsync_rejects_invalid_arguments_before_it_sends_a_request(long offset, int limit)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler);

        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = client.GetAsync(offset, limit); });

        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task GetPageAsync_does_not_change_the_callers_HttpClient()
    {
        using var httpClient = new HttpClient(new StubHandler(_ => StubHandler.Page()));
        TimeSpan timeout = httpClient.Timeout;
        using (JobsClient client = TestClients.Create(httpClient: httpClient))
        {
            await client.GetAsync();
        }

        Assert.Null(httpClient.BaseAddress);
        Assert.Empty(httpClient.DefaultRequestHeaders);
        Assert.Equal(timeout, httpClient.Timeout);
        using HttpResponseMessage response = await httpClient.GetAsync(new Uri("https://still.works"), TestClients.Cancellation);
    }

    [Fact]
    public void GetPageAsync_throws_ObjectDisposedException_after_Dispose()
    {
        JobsClient client = TestClients.Around(new StubHandler(_ => StubHandler.Page()));
        client.Dispose();
        client.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = client.GetAsync(); });
    }

    [Fact]
    public async Task GetPageAsync_of_a_fake_throws_unless_it_is_overridden()
    {
        using var fake = new FakeClient();

        Assert.Equal("1", Assert.Single((await fake.GetAsync()).Jobs).TaskId);
        Assert.Throws<NotSupportedException>(() => { _ = fake.GetBaseAsync(); });
    }

    private sealed class FakeClient : JobsClient
    {
        public override Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default) =>
            Task.FromResult(new JobPage { Jobs = [new Job { TaskId = "1" }], Offset = offset, Limit = limit });

        public Task<JobPage> GetBaseAsync() => base.GetPageAsync(JobQuery.All, 0, 1, CancellationToken.None);
    }
}
