using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>No complete answer came: the server could not be reached, the connection broke, or time ran out.</summary>
public sealed class JobsConnectionException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
    public JobsConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsConnectionException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }

    /// <summary>
    /// Whether no secure connection (TLS) was established although the server was reached: the certificate is for another host, not trusted or
    /// not valid at this time, or the server does not speak TLS. The message says which.
    /// </summary>
    public bool IsTlsFailure { get; init; }

    /// <summary>True, except for a <see cref="IsTlsFailure">failure of TLS</see>.</summary>
    public override bool IsTransient => !IsTlsFailure;
}
