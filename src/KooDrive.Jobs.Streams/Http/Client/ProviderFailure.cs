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
    /// the account. The message names the type of the exception only, because the message of the exception may contain a secret.
    /// </summary>
    public static JobsException From(Exception exception, in RequestFacts facts)
    {
        if (exception is InvalidTokenException)
        {
            return new JobsAuthenticationException($"The token provider returned an invalid token. {exception.Message}", facts);
        }

        Exception? cause = ConnectionFailure.SafeCause(exception);
        return IsTransient(exception)
            ? new JobsConnectionException($"The token provider failed with a transient error ({exception.GetType().Name}). Retry later.", facts, cause)
            : new JobsAuthenticationException(
                $"The token provider threw an exception of type {exception.GetType().Name}. Correct the provider{FailureText.SeeCause(cause)}.", facts, cause);
    }

    private static bool IsTransient(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } =>
            status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        OperationCanceledException or TimeoutException or HttpRequestException or IOException or SocketException => true,

        // Timeouts, open circuits and limits of Polly.
        _ => exception is ExecutionRejectedException,
    };
}

/// <summary>The exception for a token that a provider returned and that cannot be sent. The message does not contain the token.</summary>
internal sealed class InvalidTokenException()
    : Exception($"A token must not be empty and {HeaderText.Rule}. Correct the provider, and trim a token that is read from a file.");
