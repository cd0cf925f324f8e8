using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>An answer came that is not the API's: not JSON, cut short, too large, data of another type, HTTP 200 with a code other than 0.</summary>
public sealed class JobsResponseException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
    public JobsResponseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsResponseException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }

    /// <summary>Whether the answer ended too early, which the next one may not.</summary>
    public bool IsTruncated { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => IsTruncated;
}
