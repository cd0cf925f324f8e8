using System.Net;
using System.Net.Sockets;
using KooDrive.Jobs.Streams.Errors;
using Polly;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Converts an exception of a token provider to the exception of the request that waited for the token.</summary>
internal static class ProviderFailure
{
    /// <summary>
    /// A timeout or a failed connection is transient and is retried. Any other exception is not, because repeated attempts with a wrong login may lock
    /// the account.
    /// </summary>
    public static JobsException From(Exception exception, in RequestFacts facts) => IsTransient(exception)
        ? new JobsConnectionException(
            $"The token provider failed with a transient error ({exception.GetType().Name}). Retry later.", facts, ConnectionFailure.SafeCause(exception))
        : new JobsAuthenticationException(
            $"The token provider failed ({exception.GetType().Name}). Correct the provider: see the inner exception.",
            facts,
            ConnectionFailure.SafeCause(exception));

    private static bool IsTransient(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } =>
            status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        OperationCanceledException or TimeoutException or HttpRequestException or IOException or SocketException => true,

        // Timeouts, open circuits and limits of Polly.
        _ => exception is ExecutionRejectedException,
    };
}
