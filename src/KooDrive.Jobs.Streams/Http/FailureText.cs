using System.Globalization;
using System.Net;
using System.Text;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>The messages of failures: what happened, what to do, and the facts of the request.</summary>
internal static class FailureText
{
    public static string CredentialsRejected(in RequestFacts facts) => facts.StatusCode is HttpStatusCode.Forbidden
        ? $"The user is not allowed to list jobs. Check {nameof(JobsClientOptions.UserId)} and the permissions of the account.{Describe(facts)}"
        : "The server rejected the credentials. Check that the token has not expired (after 20 minutes without use) or that the app id and secret are "
            + $"correct, and check {nameof(JobsClientOptions.UserId)} and {nameof(JobsClientOptions.AuthorizationPrefix)}.{Describe(facts)}";

    public static string Throttled(in RequestFacts facts) =>
        $"The server received too many requests. Retry later, and send fewer requests.{Describe(facts)}";

    public static string ServerFailed(in RequestFacts facts) =>
        $"The server failed. Retry later; if it fails again, report the request id to the support of the service.{Describe(facts)}";

    public static string BadRequest(in RequestFacts facts) =>
        $"The server rejected the request. Check the filters, {nameof(JobsClientOptions.Endpoint)} and {nameof(JobsClientOptions.UserId)}.{Describe(facts)}";

    public static string ProxyRejected(in RequestFacts facts) =>
        $"The proxy rejected the request. Check the user and the password in the address of the proxy.{Describe(facts)}";

    public static string Redirected(string? host, in RequestFacts facts) =>
        $"The server redirects to {(host is null ? "another address" : $"the host {host}")}. The redirect was not followed, so that no credentials are sent there. "
        + $"Set {nameof(JobsClientOptions.Endpoint)} to the correct address.{Describe(facts)}";

    public static string RespondedElsewhere(string? host, in RequestFacts facts) =>
        $"The response comes from {(host is null ? "another address" : $"the host {host}")}, not from {nameof(JobsClientOptions.Endpoint)}, and is not used. "
        + $"Configure the HttpClient not to follow redirects, and set {nameof(JobsClientOptions.Endpoint)} to the correct address.{Describe(facts)}";

    public static string UnknownStatus(in RequestFacts facts) =>
        $"The response does not come from the API, which uses only HTTP 200 and error codes. Check {nameof(JobsClientOptions.Endpoint)}.{Describe(facts)}";

    public static string Failed(in RequestFacts facts) =>
        $"The server responded with HTTP 200 and an error code. See the code and the message of the API.{Describe(facts)}";

    public static string Unreadable(string problem, in RequestFacts facts) =>
        $"The response does not come from the API: {problem}. Check {nameof(JobsClientOptions.Endpoint)} and the proxies in between.{Describe(facts)}";

    public static string TooLarge(int limit, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The response has more than {limit:N0} bytes ({nameof(JobsClientOptions.MaxResponseBytes)}). ")
        + $"Request fewer jobs per page, or increase the limit.{Describe(facts)}";

    public static string Truncated(int length, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The response was truncated after {length:N0} bytes. Retry the request.") + Describe(facts);

    public static string Broken(Exception exception, in RequestFacts facts) =>
        $"No complete response arrived: {facts.Quote(FindMessage(exception).TrimEnd('.'))}. Check {nameof(JobsClientOptions.Endpoint)} and the network.{Describe(facts)}";

    public static string TimedOut(string option, TimeSpan timeout, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"No complete response arrived within {timeout.TotalSeconds} s ({option}). Retry later, or increase the timeout.") + Describe(facts);

    public static string Paused(TimeSpan timeout, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The server requested a pause (Retry-After), which did not end within {timeout.TotalSeconds} s ")
        + $"({nameof(JobsClientOptions.RequestTimeout)}). Retry later, and send fewer requests.{Describe(facts)}";

    public static string NoPermit(TimeSpan timeout, in RequestFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"The request was not sent within {timeout.TotalSeconds} s ({nameof(JobsClientOptions.RequestTimeout)}), ")
        + $"because the limit of the request rate was reached. Send fewer requests, or increase {nameof(JobsClientOptions.MaxRequestsPerSecond)} or the timeout."
        + Describe(facts);

    public static string LimiterDenied(in RequestFacts facts) =>
        $"The rate limiter rejected the request, which was not sent. Send fewer requests, or increase the queue of the rate limiter.{Describe(facts)}";

    public static string LimiterFailed(Exception exception, in RequestFacts facts) =>
        $"The rate limiter failed ({exception.GetType().Name}), and the request was not sent. See the inner exception.{Describe(facts)}";

    public static string HandlerFailed(Exception exception, Exception? cause, in RequestFacts facts) =>
        $"A handler of the HttpClient threw an exception of type {exception.GetType().Name}. Correct the handler{SeeCause(cause)}.{Describe(facts)}";

    /// <summary>Refers to the inner exception, if there is one that may be shown.</summary>
    public static string SeeCause(Exception? cause) => cause is null ? "" : "; the inner exception has the details";

    public static string NotSecure(string cause, string advice, in RequestFacts facts) =>
        $"No secure connection (TLS) to the server was established: {facts.Quote(cause.TrimEnd('.'))}. {advice}".TrimEnd() + Describe(facts);

    // The message of the outermost exception is often "see inner exception".
    private static string FindMessage(Exception exception)
    {
        string innermost = exception.GetBaseException().Message;
        return exception.Message.Contains(innermost, StringComparison.Ordinal) ? exception.Message : innermost;
    }

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
