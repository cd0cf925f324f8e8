using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The server failed (HTTP 5xx), more often than the retries could bridge.</summary>
public sealed class JobsServerException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
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
