using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when the server rejects the credentials (HTTP 401 or 403), or when the token provider fails with a non-transient error.</summary>
/// <remarks>After a 401 the credentials are renewed once, if the credential has a provider, before this exception is thrown.</remarks>
public sealed class JobsAuthenticationException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="message">What happened and what to do. Must not contain a secret.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public JobsAuthenticationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsAuthenticationException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }
}
