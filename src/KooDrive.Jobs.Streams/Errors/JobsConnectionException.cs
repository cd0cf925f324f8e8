using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Thrown when no complete response arrives: the server cannot be reached, the connection breaks, a timeout elapses, or a handler of the HttpClient throws.
/// </summary>
public sealed class JobsConnectionException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="message">What happened and what to do. Must not contain a secret.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public JobsConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsConnectionException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }

    /// <summary>Whether the server was reached, but no secure connection (TLS) was established.</summary>
    /// <remarks>
    /// The certificate is for another host, is not trusted or is not valid at this time, or the server does not support TLS. The message names the cause.
    /// </remarks>
    public bool IsTlsFailure { get; init; }

    /// <summary>
    /// Whether the same request may succeed later: true unless <see cref="IsTlsFailure"/> is true, or a handler of the caller's HttpClient threw an exception
    /// that is not a failure of the network.
    /// </summary>
    public override bool IsTransient => !IsTlsFailure && !IsHandlerFailure;

    internal bool IsHandlerFailure { get; init; }
}
