using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The server refused the credentials (HTTP 401 or 403), after they were renewed where they can be.</summary>
public sealed class JobsAuthenticationException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
    public JobsAuthenticationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsAuthenticationException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }
}
