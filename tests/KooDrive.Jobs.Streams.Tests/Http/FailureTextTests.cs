using System.Net;
using System.Security.Authentication;
using KooDrive.Jobs.Streams.Errors;
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
    public void Messages_state_what_happened_what_to_do_and_the_facts()
    {
        RequestFacts facts = Pages.Facts;
        var exception = new IOException("The pipe broke.");
        var duration = TimeSpan.FromSeconds(1.5);
        string[] messages =
        [
            FailureText.CredentialsRejected(facts), FailureText.CredentialsRejected(facts with { StatusCode = HttpStatusCode.Forbidden }), FailureText.Throttled(facts),
            FailureText.ServerFailed(facts), FailureText.BadRequest(facts), FailureText.ProxyRejected(facts), FailureText.Redirected(null, facts), FailureText.Redirected("h", facts),
            FailureText.RespondedElsewhere(null, facts), FailureText.RespondedElsewhere("h", facts), FailureText.UnknownStatus(facts), FailureText.Failed(facts),
            FailureText.Unreadable("it is empty", facts), FailureText.TooLarge(5, facts), FailureText.Truncated(5, facts), FailureText.Broken(exception, facts),
            FailureText.TimedOut("RequestTimeout", duration, facts), FailureText.Paused(duration, facts), FailureText.NoPermit(duration, facts), FailureText.LimiterDenied(facts),
            FailureText.LimiterFailed(exception, facts), FailureText.HandlerFailed(exception, exception, facts), FailureText.NotSecure("The chain is broken.", "Correct it.", facts),
        ];

        Assert.All(messages, message => Assert.Matches(@"^[A-Z].+\. [A-Z].+\. \(HTTP \d+, request id request, trace id trace, offset 200\)$", message));
        Assert.Equal(messages.Length, messages.Distinct().Count());
    }

    [Fact]
    public void Messages_contain_every_fact()
    {
        RequestFacts facts = Pages.Facts.WithError("13000102", "The parameters are not valid.") with { RetryAfter = TimeSpan.FromSeconds(2.5) };

        Assert.EndsWith(
            " (HTTP 200, code 13000102, \"The parameters are not valid.\", retry after 2.5 s, request id request, trace id trace, offset 200)",
            FailureText.Throttled(facts),
            StringComparison.Ordinal);
        Assert.EndsWith(". (offset 0)", FailureText.Throttled(new RequestFacts { Offset = 0, Limit = 10 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RemoteCertificateNameMismatch", "The certificate is for another host name: check the host of Endpoint.")]
    [InlineData("NotTimeValid", "renew it, or check the clock of this machine.")]
    [InlineData("UntrustedRoot", "add the root to the trusted certificates.")]
    [InlineData("PartialChain", "add it to the trusted certificates, or configure the server to send the whole chain.")]
    [InlineData("Revoked", "The certificate is revoked: the server needs a new one.")]
    [InlineData("RemoteCertificateChainErrors", "add its root to the trusted certificates.")]
    [InlineData("an unexpected frame", "The server does not seem to support TLS on this port: check the scheme and the port of Endpoint.")]
    public void Failure_of_a_handshake_states_what_to_do_about_its_cause(string cause, string advice)
    {
        var exception = new HttpRequestException(HttpRequestError.SecureConnectionError, "See inner.", new AuthenticationException($"The handshake failed: {cause}."));

        JobsConnectionException failure = Assert.IsType<JobsConnectionException>(ConnectionFailure.Create(exception, Pages.Facts));

        Assert.True(failure.IsTlsFailure);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
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
