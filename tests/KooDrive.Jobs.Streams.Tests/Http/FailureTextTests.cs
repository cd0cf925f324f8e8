using System.Net;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams.Tests.Http;

public class FailureTextTests
{
    private static readonly RequestFacts Facts = new() { Offset = 40, Limit = 20 };

    [Fact]
    public void Refused_tells_credentials_and_rights_apart()
    {
        string unauthorized = FailureText.Refused(Facts with { HttpStatus = HttpStatusCode.Unauthorized });
        Assert.StartsWith("The server refused the credentials. Check that the token is fresh", unauthorized, StringComparison.Ordinal);
        Assert.Contains("AuthorizationPrefix", unauthorized, StringComparison.Ordinal);
        Assert.StartsWith(
            "The server does not allow this user to list jobs. Check UserId", FailureText.Refused(Facts with { HttpStatus = HttpStatusCode.Forbidden }), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_host_is_named_when_it_is_known()
    {
        Assert.StartsWith("The server points to the host other.example, which was not followed", FailureText.Redirected("other.example", Facts), StringComparison.Ordinal);
        Assert.StartsWith("The server points to another place, which was not followed", FailureText.Redirected(null, Facts), StringComparison.Ordinal);
        Assert.StartsWith("The answer comes from the host other.example and not from Endpoint", FailureText.AnsweredElsewhere("other.example", Facts), StringComparison.Ordinal);
        Assert.StartsWith("The answer comes from another place and not from Endpoint", FailureText.AnsweredElsewhere(null, Facts), StringComparison.Ordinal);
        Assert.Contains("Set up the HttpClient not to follow redirects", FailureText.AnsweredElsewhere(null, Facts), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_large_comes_with_what_to_do() =>
        Assert.Equal(
            "The answer has more than 1,000 bytes, which MaxResponseBytes allows. Ask for fewer jobs at a time or allow more. (offset 40)",
            FailureText.TooLarge(1_000, Facts));

    [Fact]
    public void Everything_that_is_known_stands_at_the_end()
    {
        RequestFacts facts = (Facts with { HttpStatus = HttpStatusCode.BadGateway, RetryAfter = TimeSpan.FromSeconds(7), TraceId = "trace-1" })
            .WithError("KD.1", "busy")
            .WithRequestId("request-1");

        Assert.EndsWith(
            " (HTTP 502, code KD.1, \"busy\", retry after 7 s, request id request-1, trace id trace-1, offset 40)",
            FailureText.ServerFailed(facts),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_server_says_comes_without_the_token_that_was_sent()
    {
        RequestFacts facts = (Facts with { Authorization = new AccessToken("the-token") }).WithError("KD.1", "the-token is not known").WithRequestId("the-token");

        Assert.Equal(("[token] is not known", "KD.1"), (facts.ApiMessage, facts.Code));
        Assert.DoesNotContain("the-token", facts.RequestId!, StringComparison.Ordinal);
        Assert.Equal("no [token] here", facts.Quote("no the-token here"));
        Assert.Equal("no the-token here", Facts.Quote("no the-token here"));
    }
}
