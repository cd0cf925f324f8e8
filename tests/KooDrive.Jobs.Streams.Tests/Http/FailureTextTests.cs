using System.Net;
using KooDrive.Jobs.Streams.Http;
using KooDrive.Jobs.Streams.Tests.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Http;

public class FailureTextTests
{
    [Fact]
    public void Broken_names_the_innermost_cause_that_the_exception_does_not_contain()
    {
        var exception = new HttpRequestException("The connection failed, see inner exception.", new IOException("Received an unexpected EOF."));

        string message = FailureText.Broken(exception, Pages.Facts);

        Assert.StartsWith("No complete response arrived: Received an unexpected EOF. Check", message, StringComparison.Ordinal);
        Assert.DoesNotContain("see inner exception", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_keeps_the_address_when_the_exception_contains_its_cause()
    {
        var exception = new HttpRequestException("Connection refused (drive.example:443)", new IOException("Connection refused"));

        Assert.Contains("Connection refused (drive.example:443).", FailureText.Broken(exception, Pages.Facts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_names_the_proxy_when_the_proxy_rejects_the_request()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.ProxyAuthenticationRequired, ""));
        using JobsClient client = TestClients.Around(handler);

        JobsRequestException failure = await Assert.ThrowsAsync<JobsRequestException>(() => client.GetAsync());

        Assert.StartsWith("The proxy rejected the request.", failure.Message, StringComparison.Ordinal);
        Assert.Single(handler.Requests);
    }
}
