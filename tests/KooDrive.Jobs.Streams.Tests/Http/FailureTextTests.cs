using System.Net;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams.Tests.Http;

public class FailureTextTests
{
    private static readonly RequestFacts Facts = new() { Offset = 40, Limit = 20 };

    [Fact]
    public void CredentialsRejected_distinguishes_401_from_403()
    {
        string unauthorized = FailureText.CredentialsRejected(Facts with { StatusCode = HttpStatusCode.Unauthorized });
        Assert.StartsWith("The server rejected the credentials. Check that the token has not expired", unauthorized, StringComparison.Ordinal);
        Assert.Contains("AuthorizationPrefix", unauthorized, StringComparison.Ordinal);
        Assert.StartsWith(
            "The user is not allowed to list jobs. Check UserId", FailureText.CredentialsRejected(Facts with { StatusCode = HttpStatusCode.Forbidden }), StringComparison.Ordinal);
    }

    [Fact]
    public void Redirected_names_the_other_host_when_it_is_known()
    {
        Assert.StartsWith("The server redirects to the host other.example. The redirect was not followed", FailureText.Redirected("other.example", Facts), StringComparison.Ordinal);
        Assert.StartsWith("The server redirects to another address. The redirect was not followed", FailureText.Redirected(null, Facts), StringComparison.Ordinal);
        Assert.StartsWith("The response comes from the host other.example, not from Endpoint", FailureText.RespondedElsewhere("other.example", Facts), StringComparison.Ordinal);
        Assert.StartsWith("The response comes from another address, not from Endpoint", FailureText.RespondedElsewhere(null, Facts), StringComparison.Ordinal);
        Assert.Contains("Configure the HttpClient not to follow redirects", FailureText.RespondedElsewhere(null, Facts), StringComparison.Ordinal);
    }

    [Fact]
    public void TooLarge_names_the_limit_and_the_remedy() =>
        Assert.Equal(
            "The response has more than 1,000 bytes (MaxResponseBytes). Request fewer jobs per page, or increase the limit. (offset 40)",
            FailureText.TooLarge(1_000, Facts));

    [Fact]
    public void Messages_end_with_all_known_facts()
    {
        RequestFacts facts = (Facts with { StatusCode = HttpStatusCode.BadGateway, RetryAfter = TimeSpan.FromSeconds(7), TraceId = "trace-1" })
            .WithError("KD.1", "busy")
            .WithRequestId("request-1");

        Assert.EndsWith(
            " (HTTP 502, code KD.1, \"busy\", retry after 7 s, request id request-1, trace id trace-1, offset 40)",
            FailureText.ServerFailed(facts),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_quote_the_server_without_the_token()
    {
        RequestFacts facts = (Facts with { Authorization = new AccessToken("the-token") }).WithError("KD.1", "the-token is not known").WithRequestId("the-token");

        Assert.Equal(("[token] is not known", "KD.1"), (facts.ApiMessage, facts.ErrorCode));
        Assert.DoesNotContain("the-token", facts.RequestId!, StringComparison.Ordinal);
        Assert.Equal("no [token] here", facts.Quote("no the-token here"));
        Assert.Equal("no the-token here", Facts.Quote("no the-token here"));
    }
}
