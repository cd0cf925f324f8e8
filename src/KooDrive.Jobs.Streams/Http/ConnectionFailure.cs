using System.Security.Authentication;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>Converts an exception of the network, TLS or a proxy to the exception of the request.</summary>
internal static class ConnectionFailure
{
    public static JobsConnectionException Create(Exception exception, in RequestFacts facts) => TlsFailure.FindCause(exception) is { } cause
        ? new JobsConnectionException(FailureText.NotSecure(cause.Message, TlsFailure.Advise(cause.Message), facts), facts, SafeCause(exception)) { IsTlsFailure = true }
        : new JobsConnectionException(FailureText.Broken(exception, facts), facts, SafeCause(exception));

    /// <summary>Converts an exception of a handler of the caller's HttpClient, which may throw anything.</summary>
    public static JobsConnectionException OfHandler(Exception exception, in RequestFacts facts)
    {
        Exception? cause = SafeCause(exception);
        return new JobsConnectionException(FailureText.HandlerFailed(exception, cause, facts), facts, cause) { IsHandlerFailure = true };
    }

    /// <summary>Returns the exception for use as an inner exception; null if its text must not be shown.</summary>
    public static Exception? SafeCause(Exception exception) => QuotesTheServer(exception) || SafeText.ShowsUserInfo(exception.ToString()) ? null : exception;

    // The message of such an exception contains the invalid part of the response unchanged, at any length.
    private static bool QuotesTheServer(Exception exception) => exception
        is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse };
}

/// <summary>Finds the cause of a failed TLS handshake, which the outermost exception does not contain.</summary>
internal static class TlsFailure
{
    // Words in the messages of SslStream (members of SslPolicyErrors and X509ChainStatusFlags), and what to do about each.
    private static readonly (string Word, string Advice)[] KnownCauses =
    [
        ("RemoteCertificateNameMismatch", "The certificate is for another host name: check the host of {0}."),
        ("NotTimeValid", "The certificate has expired or is not valid yet: renew it, or check the clock of this machine."),
        ("UntrustedRoot", "The certificate's root is not trusted on this machine: add the root to the trusted certificates."),
        ("PartialChain", "The certificate's issuer is not known on this machine: add it to the trusted certificates, or configure the server to send the whole chain."),
        ("Revoked", "The certificate is revoked: the server needs a new one."),
        ("RemoteCertificateChainErrors", "The certificate's chain is not trusted on this machine: add its root to the trusted certificates."),
        ("frame", "The server does not seem to support TLS on this port: check the scheme and the port of {0}."),
    ];

    /// <summary>
    /// Returns the innermost exception of a failed handshake; null if the network failed, which is transient, or if there was no handshake.
    /// </summary>
    public static Exception? FindCause(Exception exception)
    {
        if (exception is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return null;
        }

        Exception? cause = null;
        for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            cause = inner is AuthenticationException || cause is not null ? inner : null;
        }

        return cause;
    }

    /// <summary>Returns what to do about a cause; empty for an unknown cause.</summary>
    public static string Advise(string cause) => string.Join(
        ' ',
        KnownCauses.Where(candidate => cause.Contains(candidate.Word, StringComparison.Ordinal))
            .Select(candidate => candidate.Advice.Replace("{0}", nameof(JobsClientOptions.Endpoint), StringComparison.Ordinal)));
}
