using System.Net;
using System.Net.Sockets;
using KooDrive.Jobs.Streams.Errors;
using Polly;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>What a token provider threw, as a failure of the request that waited for the token.</summary>
internal static class ProviderFailure
{
    /// <summary>
    /// A timeout or a failed connection may pass and is retried. Anything else is not: a login that is wrong, tried again and again, may lock
    /// the account.
    /// </summary>
    public static JobsException From(Exception exception, in RequestFacts facts) => IsTransient(exception)
        ? new JobsConnectionException(
            $"The token provider could not reach its source: {exception.GetType().Name}.", facts, ConnectionFailure.SafeCause(exception))
        : new JobsAuthenticationException(
            $"The token provider gave no token that can be sent: {exception.GetType().Name}. See the inner exception.",
            facts,
            ConnectionFailure.SafeCause(exception));

    private static bool IsTransient(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } =>
            status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        OperationCanceledException or TimeoutException or HttpRequestException or IOException or SocketException => true,

        // Polly's own timeouts, open circuits and limits.
        _ => exception is ExecutionRejectedException,
    };
}
