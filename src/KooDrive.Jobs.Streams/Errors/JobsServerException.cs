using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when the server fails (HTTP 408 or 5xx) in each attempt.</summary>
public sealed class JobsServerException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="message">What happened and what to do. Must not contain a secret.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public JobsServerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsServerException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
