using System.Net;
using System.Text.Json;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class AppCredentialTests
{
    private const string AppId = "app-1";
    private const string AppSecret = "example-secret";

    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2024, 9, 9, 3, 33, 25, TimeSpan.Zero));

    /// <summary>An example computed by hand from the documents, which contain no example with a secret.</summary>
    [Fact]
    public void Sign_matches_the_documented_example()
    {
        string canonical = CanonicalRequest.Create(
            HttpMethod.Get,
            new Uri("https://intl.myhuaweicloud-koodrive.com/koodrive/ose/v1/jobs?status=2&offset=0&limit=100"),
            [("host", "intl.myhuaweicloud-koodrive.com"), ("x-date", "20240909T033325Z"), ("x-user-id", "1505084218764547200")]);

        Assert.Equal(
            """
            GET
            /koodrive/ose/v1/jobs/
            limit=100&offset=0&status=2
            host:intl.myhuaweicloud-koodrive.com
            x-date:20240909T033325Z
            x-user-id:1505084218764547200

            host;x-date;x-user-id
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
            """,
            canonical);
        Assert.Equal("25e03578ec46478ed9c9602bfba452541e89716cae73459a7798fcad86cd1cfd", CanonicalRequest.Hash(canonical));
        Assert.Equal("724b005de510dec95b6ceb66f337756d232e3bb0e7bcf76163cff870623ada84", new AppSignature(AppId, AppSecret).Sign(canonical));
    }

    [Fact]
    public async Task GetPageAsync_signs_what_it_sends()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(
            handler,
            options => options.Endpoint = new Uri("https://intl.myhuaweicloud-koodrive.com"),
            Time,
            credential: new AppCredential(AppId, AppSecret));

        await client.GetAsync(query: new JobQuery { Status = JobStatus.Completed });

        Assert.Equal(
            "HMAC-SHA256 AppId=app-1,SignedHeaders=host;x-date;x-user-id,Signature=724b005de510dec95b6ceb66f337756d232e3bb0e7bcf76163cff870623ada84",
            handler.Header(0, "Authorization"));
    }

    [Fact]
    public async Task GetPageAsync_does_not_show_a_signature_that_the_server_repeats()
    {
        const string Signature = "724b005de510dec95b6ceb66f337756d232e3bb0e7bcf76163cff870623ada84";
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, $$"""{"error_code":"APIGW.0301","error_msg":"Signature={{Signature}} is wrong"}"""));
        using JobsClient client = TestClients.Around(handler, _ => { }, Time, credential: new AppCredential(AppId, AppSecret));

        JobsException exception = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Contains("Signature=[signature] is wrong", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Signature, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://Drive.Example", "drive.example")]
    [InlineData("https://drive.example:443", "drive.example")]
    [InlineData("https://drive.example:8443/p", "drive.example:8443")]
    [InlineData("http://127.0.0.1:80", "127.0.0.1")]
    [InlineData("http://[::1]:5000", "[::1]:5000")]
    [InlineData("https://bücher.example", "xn--bcher-kva.example")]
    public async Task Apply_signs_the_host_as_it_is_sent(string endpoint, string host)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(
            handler,
            options => options.Endpoint = new Uri(endpoint),
            Time,
            credential: new AppCredential(AppId, AppSecret));

        await client.GetAsync();

        Assert.Equal(host, handler.Requests[0].Headers.Host);
        string canonical = CanonicalRequest.Create(
            HttpMethod.Get,
            handler.Requests[0].RequestUri!,
            [("host", host), ("x-date", "20240909T033325Z"), ("x-user-id", TestClients.UserId)]);
        Assert.EndsWith(new AppSignature(AppId, AppSecret).Sign(canonical), handler.Header(0, "Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_signs_each_attempt_again()
    {
        var time = new FakeTimeProvider();
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.InternalServerError, "{}"), _ => StubHandler.Page());

        Task<JobPage> getting = TestClients
            .Resilient(handler, time, credential: new AppCredential(AppId, AppSecret))
            .GetAsync();
        await time.RunAsync(getting, TimeSpan.FromSeconds(5));

        Assert.NotEqual(handler.Header(0, "Authorization"), handler.Header(1, "Authorization"));
    }

    [Fact]
    public async Task GetPageAsync_does_not_retry_a_rejected_signature()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"));
        using JobsClient client = TestClients.Around(handler, credential: new AppCredential(AppId, AppSecret));

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData("/a b/ü/(1)", "/a%20b/%C3%BC/%281%29/")]
    [InlineData("/p/", "/p/")]
    [InlineData("", "/")]
    [InlineData("/~a-b_c.d/%2F!*'@:", "/~a-b_c.d/%2F%21%2A%27%40%3A/")]
    public void CanonicalRequest_encodes_the_path_by_segment(string path, string expected) =>
        Assert.Equal(expected, CanonicalRequest.Create(HttpMethod.Get, new Uri("https://h" + path), []).Split('\n')[1]);

    [Theory]
    [InlineData("?b=2&a=1", "a=1&b=2")]
    [InlineData("?b&B=x%20y&a=", "B=x%20y&a=&b=")]
    [InlineData("?a==&b='", "a=%3D&b=%27")]
    [InlineData("", "")]
    public void CanonicalRequest_sorts_and_encodes_the_query(string query, string expected) =>
        Assert.Equal(expected, CanonicalRequest.Create(HttpMethod.Get, new Uri("https://h/p" + query), []).Split('\n')[2]);

    [Theory]
    [InlineData("", "s")]
    [InlineData("i", " ")]
    [InlineData("a,b", "s")]
    [InlineData("a b", "s")]
    [InlineData("a\nb", "s")]
    public void Constructor_rejects_an_app_id_that_cannot_be_sent(string appId, string appSecret) =>
        Assert.ThrowsAny<ArgumentException>(() => new AppCredential(appId, appSecret));

    [Fact]
    public void Constructor_explains_why_an_app_id_is_invalid()
    {
        Assert.Throws<ArgumentNullException>("appId", () => new AppCredential(null!, "s"));
        Assert.Throws<ArgumentNullException>("appSecret", () => new AppCredential("i", null!));
        Assert.Contains(
            "and no spaces or commas", Assert.Throws<ArgumentException>("appId", () => new AppCredential("a,b", "s")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_and_debugger_do_not_show_the_secret()
    {
        var credential = new AppCredential(AppId, AppSecret);

        Assert.Equal("AppCredential", credential.ToString());
        Assert.DoesNotContain(AppSecret, JsonSerializer.Serialize<object>(credential), StringComparison.Ordinal);
        Assert.DoesNotContain(AppSecret, new AppSignature(AppId, AppSecret).ToString()!, StringComparison.Ordinal);
    }
}
