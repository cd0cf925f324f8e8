using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The server refused the request itself (HTTP 400 and other 4xx).</summary>
/// <remarks>In one edition of the API documents 400 also stands for a failed authentication.</remarks>
public sealed class JobsRequestException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
    public JobsRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal JobsRequestException(string message, in RequestFacts facts, Exception? innerException = null)
        : base(message, facts, innerException)
    {
    }
}
