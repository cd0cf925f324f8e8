using System.Net;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>Creates the exception of an HTTP status code.</summary>
internal static class StatusFailure
{
    public static JobsException Create(in RequestFacts facts, Exception? innerException = null) => facts.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            new JobsAuthenticationException(FailureText.CredentialsRejected(facts), facts, innerException),
        HttpStatusCode.TooManyRequests => new JobsThrottledException(FailureText.Throttled(facts), facts, innerException),
        HttpStatusCode.RequestTimeout or (>= (HttpStatusCode)500 and < (HttpStatusCode)600) =>
            new JobsServerException(FailureText.ServerFailed(facts), facts, innerException),
        HttpStatusCode.ProxyAuthenticationRequired => new JobsRequestException(FailureText.ProxyRejected(facts), facts, innerException),
        >= (HttpStatusCode)400 and < (HttpStatusCode)500 => new JobsRequestException(FailureText.BadRequest(facts), facts, innerException),
        _ => new JobsResponseException(FailureText.UnknownStatus(facts), facts, innerException),
    };
}
