using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when a response does not follow the API document.</summary>
/// <remarks>
/// The response is not JSON, is truncated, is larger than <see cref="JobsClientOptions.MaxResponseBytes"/>, has data of another type, comes from another host, or
/// has an error code with HTTP 200.
/// </remarks>
public sealed class JobsResponseException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="message">What happened and what to do. Must not contain a secret.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public JobsResponseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsResponseException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }

    /// <summary>Whether the response was truncated.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Whether the same request may succeed later: true only if <see cref="IsTruncated"/> is true.</summary>
    public override bool IsTransient => IsTruncated;
}
