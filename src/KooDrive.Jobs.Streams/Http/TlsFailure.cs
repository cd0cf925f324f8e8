using System.Security.Authentication;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>Finds the reason why a secure connection was not established, which the outermost exception does not contain.</summary>
internal static class TlsFailure
{
    // Words of SslStream's messages, which are SslPolicyErrors and X509ChainStatusFlags by their names, and what to do about each.
    private static readonly (string Word, string Advice)[] KnownCauses =
    [
        ("RemoteCertificateNameMismatch", "The certificate is for another host name: check the host of {0}."),
        ("NotTimeValid", "The certificate has expired or is not valid yet: renew it, or check the clock of this machine."),
        ("UntrustedRoot", "The certificate's root is not trusted on this machine: add the root to the trusted certificates."),
        ("PartialChain", "The certificate's issuer is not known on this machine: add it to the trusted certificates, or let the server send the whole chain."),
        ("Revoked", "The certificate is revoked: the server needs a new one."),
        ("RemoteCertificateChainErrors", "The certificate's chain is not trusted on this machine: add its root to the trusted certificates."),
        ("frame", "The server does not seem to speak TLS on this port: check the scheme and the port of {0}."),
    ];

    /// <summary>
    /// The innermost exception of a failed handshake; null if it was the network that failed, which is transient, or if there was no handshake.
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

    /// <summary>What to do about a cause; empty if nothing is known about it.</summary>
    public static string Advise(string cause) => string.Join(
        ' ',
        KnownCauses.Where(known => cause.Contains(known.Word, StringComparison.Ordinal))
            .Select(known => known.Advice.Replace("{0}", nameof(JobsClientOptions.Endpoint), StringComparison.Ordinal)));
}
