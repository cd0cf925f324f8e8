using System.Globalization;
using System.Net;
using System.Text;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>The messages of failures: what happened, what to do, and what the server said.</summary>
internal static class FailureText
{
    public static string CredentialsRejected(in RequestFacts facts) => facts.StatusCode is HttpStatusCode.Forbidden
        ? $"The server does not allow this user to list jobs. Check {nameof(JobsClientOptions.UserId)} and what the account may do.{Describe(facts)}"
        : "The server refused the credentials. Check that the token is fresh (they end after 20 minutes without use) or that the app id and "
            + $"secret are right, and {nameof(JobsClientOptions.UserId)} and {nameof(JobsClientOptions.AuthorizationPrefix)}.{Describe(facts)}";

    public static string Throttled(in RequestFacts facts) =>
        $"The server asks for fewer requests. Try again later, and poll or page more slowly.{Describe(facts)}";

    public static string ServerFailed(in RequestFacts facts) =>
        $"The server failed to answer. Try again later; if it stays so, give the server's support the request id.{Describe(facts)}";

    public static string BadRequest(in RequestFacts facts) =>
        $"The server refused the request. Check the filters, and {nameof(JobsClientOptions.Endpoint)} and {nameof(JobsClientOptions.UserId)}.{Describe(facts)}";

    public static string Redirected(string? host, in RequestFacts facts) =>
        $"The server points to {(host is null ? "another place" : $"the host {host}")}, which was not followed, so that credentials go nowhere else. "
        + $"Set {nameof(JobsClientOptions.Endpoint)} to the right address.{Describe(facts)}";

    public static string RespondedElsewhere(string? host, in RequestFacts facts) =>
        $"The answer comes from {(host is null ? "another place" : $"the host {host}")} and not from {nameof(JobsClientOptions.Endpoint)}, so it is not used. "
        + $"Set up the HttpClient not to follow redirects, and {nameof(JobsClientOptions.Endpoint)} as the right address.{Describe(facts)}";

    public static string UnknownStatus(in RequestFacts facts) =>
        $"The answer is not the API's: it only knows HTTP 200 and errors. Check {nameof(JobsClientOptions.Endpoint)}.{Describe(facts)}";

    public static string Failed(in RequestFacts facts) =>
        $"The server answered with HTTP 200 and the code of a failure.{Describe(facts)}";

    public static string Unreadable(string problem, in RequestFacts facts) =>
        $"The answer is not the API's: {problem}. Check {nameof(JobsClientOptions.Endpoint)}, and proxies on the way.{Describe(facts)}";

    public static string TooLarge(int limit, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The answer has more than {limit:N0} bytes, which {nameof(JobsClientOptions.MaxResponseBytes)} allows. ")
        + $"Ask for fewer jobs at a time or allow more.{Describe(facts)}";

    public static string Truncated(int length, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The answer ended too early, after {length:N0} bytes. Try again.") + Describe(facts);

    public static string Broken(Exception exception, in RequestFacts facts) =>
        $"No complete answer came: {facts.Quote(exception.Message).TrimEnd('.')}. Check {nameof(JobsClientOptions.Endpoint)} and the network.{Describe(facts)}";

    public static string TimedOut(string option, TimeSpan timeout, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"No complete answer came within {timeout.TotalSeconds} s ({option}).") + Describe(facts);

    public static string Paused(TimeSpan timeout, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The server requested a pause (Retry-After), which did not end within {timeout.TotalSeconds} s ")
        + $"({nameof(JobsClientOptions.RequestTimeout)}). Retry later, and poll or page more slowly.{Describe(facts)}";

    public static string NotSecure(string cause, string advice, in RequestFacts facts) =>
        $"No secure connection (TLS) to the server was established: {facts.Quote(cause).TrimEnd('.')}. {advice}".TrimEnd() + Describe(facts);

    private static string Describe(in RequestFacts facts)
    {
        var text = new StringBuilder(" (");
        if (facts.StatusCode is { } status)
        {
            text.Append(CultureInfo.InvariantCulture, $"HTTP {(int)status}, ");
        }

        if (facts.ErrorCode is { } code)
        {
            text.Append(CultureInfo.InvariantCulture, $"code {code}, ");
        }

        if (facts.ApiMessage is { } message)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"{message}\", ");
        }

        if (facts.RetryAfter is { } wait)
        {
            text.Append(CultureInfo.InvariantCulture, $"retry after {wait.TotalSeconds} s, ");
        }

        if (facts.RequestId is { } requestId)
        {
            text.Append(CultureInfo.InvariantCulture, $"request id {requestId}, ");
        }

        if (facts.TraceId is { } traceId)
        {
            text.Append(CultureInfo.InvariantCulture, $"trace id {traceId}, ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"offset {facts.Offset})").ToString();
    }
}
