using System.Net;
using KooDrive.Jobs.Streams.Tests.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Http;

public class StatusFailureTests
{
    [Theory]
    [InlineData(400, typeof(JobsRequestException), false)]
    [InlineData(401, typeof(JobsAuthenticationException), false)]
    [InlineData(403, typeof(JobsAuthenticationException), false)]
    [InlineData(404, typeof(JobsRequestException), false)]
    [InlineData(408, typeof(JobsServerException), true)]
    [InlineData(429, typeof(JobsThrottledException), true)]
    [InlineData(499, typeof(JobsRequestException), false)]
    [InlineData(500, typeof(JobsServerException), true)]
    [InlineData(503, typeof(JobsServerException), true)]
    [InlineData(599, typeof(JobsServerException), true)]
    [InlineData(201, typeof(JobsResponseException), false)]
    [InlineData(304, typeof(JobsResponseException), false)]
    [InlineData(600, typeof(JobsResponseException), false)]
    public async Task GetPageAsync_throws_the_exception_of_the_status_with_all_facts(int status, Type exception, bool isTransient)
    {
        const string Body = """{"code":"13000102","msg":"Parameter check failed","data":null}""";
        var handler = new StubHandler(_ => StubHandler.Respond((HttpStatusCode)status, Body, ("X-request-id", "id-7"), ("Retry-After", "3")));
        using JobsClient client = TestClients.Around(handler);

        JobsException failure = await Assert.ThrowsAnyAsync<JobsException>(() => client.GetAsync(42));

        Assert.IsType(exception, failure);
        Assert.Equal(isTransient, failure.IsTransient);
        Assert.Equal(((HttpStatusCode)status, 42L, "id-7", TimeSpan.FromSeconds(3)), (failure.StatusCode, failure.Offset, failure.RequestId, failure.RetryAfter));
        Assert.Equal(handler.Header(0, "X-Traceid"), failure.TraceId);
        Assert.Contains($"HTTP {status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("id-7", failure.Message, StringComparison.Ordinal);
        if (status is not 304)
        {
            Assert.Equal(("13000102", "Parameter check failed"), (failure.ErrorCode, failure.ApiMessage));
            Assert.Contains("13000102, \"Parameter check failed\"", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"code":401,"msg":"no"}""", "401", "no")]
    [InlineData("""{"error_msg":"no","error_code":"APIGW.0301","x":{"code":1}}""", "APIGW.0301", "no")]
    [InlineData("\uFEFF{\"code\":\"1\"}", "1", null)]
    [InlineData("""{"code":{"a":1},"msg":["b"]}""", null, null)]
    [InlineData("""{"code":null,"error_code":"2","msg":"","error_msg":"m"}""", "2", "m")]
    [InlineData("""{"code":"1","msg":"cut of""", "1", null)]
    [InlineData("""{"code":"1","msg":"\ud800"}""", "1", "\uFFFD")]
    [InlineData("<html>502</html>", null, null)]
    [InlineData("[]", null, null)]
    [InlineData("", null, null)]
    public async Task GetPageAsync_accepts_an_error_body_of_any_shape(string body, string? code, string? message)
    {
        using JobsClient client = TestClients.Around(new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadRequest, body)));

        JobsRequestException failure = await Assert.ThrowsAsync<JobsRequestException>(() => client.GetAsync());

        Assert.Equal((code, message), (failure.ErrorCode, failure.ApiMessage));
    }

    [Fact]
    public async Task GetPageAsync_bounds_and_sanitizes_the_server_message()
    {
        string message = "\\u001b[2J\\r\\n\\u202e" + new string('x', 506) + "\\ud83d\\ude00";
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Respond(HttpStatusCode.InternalServerError, $$"""{"code":"{{new string('9', 500)}}","msg":"{{message}}"}""")));

        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(() => client.GetAsync());

        Assert.Equal(" [2J   " + new string('x', 505) + "…", failure.ApiMessage);
        Assert.Equal(new string('9', 64) + "…", failure.ErrorCode);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Fact]
    public async Task GetPageAsync_does_not_split_a_character_of_the_server_message()
    {
        string message = new string('x', 511) + "\\ud83d\\ude00";
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Respond(HttpStatusCode.InternalServerError, $$"""{"msg":"{{message}}"}""")));

        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(() => client.GetAsync());

        Assert.Equal(new string('x', 511) + "…", failure.ApiMessage);
    }

    [Fact]
    public async Task GetPageAsync_reads_an_error_body_up_to_a_limit()
    {
        using JobsClient large = TestClients.Around(
            new StubHandler(_ => StubHandler.Respond(HttpStatusCode.BadRequest, """{"code":"1","msg":"2","x":" """ + new string('x', 100_000))));
        using JobsClient broken = TestClients.Around(new StubHandler(_ => new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StreamContent(new BreakingStream()),
        }));

        Assert.Equal("1", (await Assert.ThrowsAsync<JobsRequestException>(() => large.GetAsync())).ErrorCode);
        Assert.IsType<IOException>((await Assert.ThrowsAsync<JobsRequestException>(() => broken.GetAsync())).InnerException);
    }

    [Theory]
    [InlineData("https://login.example/there?token=secret", "the host login.example")]
    [InlineData("/login?token=secret", "another address")]
    [InlineData(null, "another address")]
    public async Task GetPageAsync_names_the_host_of_a_redirect(string? location, string named)
    {
        using JobsClient client = TestClients.Around(new StubHandler(_ => location is null
            ? StubHandler.Respond(HttpStatusCode.Found, "")
            : StubHandler.Respond(HttpStatusCode.Found, "", ("Location", location))));

        JobsResponseException failure = await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/koodrive/ose/v1/jobs")]
    [InlineData("http://drive.example/koodrive/ose/v1/jobs")]
    [InlineData("https://drive.example:444/koodrive/ose/v1/jobs")]
    public async Task GetPageAsync_rejects_a_response_from_another_host(string responder)
    {
        using JobsClient client = TestClients.Around(new StubHandler(_ =>
        {
            HttpResponseMessage response = StubHandler.Page(Pages.Documented);
            response.RequestMessage = new HttpRequestMessage(HttpMethod.Get, responder);
            return response;
        }));

        JobsResponseException failure = await Assert.ThrowsAsync<JobsResponseException>(() => client.GetAsync());

        Assert.Contains(new Uri(responder).Host, failure.Message, StringComparison.Ordinal);
    }

    private sealed class BreakingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("broken");
    }
}
