using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when the server rejects the request itself (HTTP 400 and other 4xx).</summary>
/// <remarks>One edition of the API document uses 400 also for failed authentication.</remarks>
public sealed class JobsRequestException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="message">What happened and what to do. Must not contain a secret.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public JobsRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsRequestException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }
}
