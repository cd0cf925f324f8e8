using System.Net;

namespace KooDrive.Jobs.Streams;

/// <summary>What a token provider threw, as a failure of the request that waited for the token.</summary>
internal static class ProviderFailure
{
    /// <summary>
    /// A timeout or a failed connection may pass and is retried. Anything else is not: a login that is wrong, tried again and again, may lock
    /// the account.
    /// </summary>
    public static JobsException From(Exception exception, in RequestFacts facts) => exception switch
    {
        OperationCanceledException or TimeoutException or HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError } =>
            new JobsConnectionException($"The token provider could not reach its source: {exception.GetType().Name}.", facts, exception),
        _ => new JobsAuthenticationException(
            $"The token provider gave no token that can be sent: {exception.GetType().Name}. See the inner exception.", facts, exception),
    };
}
