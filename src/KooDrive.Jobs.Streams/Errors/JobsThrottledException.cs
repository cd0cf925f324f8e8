using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The server asked to slow down (HTTP 429), more often than the retries could wait for.</summary>
public sealed class JobsThrottledException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
    public JobsThrottledException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsThrottledException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
