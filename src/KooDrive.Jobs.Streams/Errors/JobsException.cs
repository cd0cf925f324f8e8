using System.Net;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The base class of all exceptions that report a failure of the service.</summary>
/// <remarks>
/// Invalid arguments throw an <see cref="ArgumentException"/> before a request is sent; cancellation throws an
/// <see cref="OperationCanceledException"/>. The message says what happened and what to do, and never contains a credential.
/// </remarks>
public abstract class JobsException : Exception
{
    private string? _resumePoint;

    private protected JobsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected JobsException(string message, in RequestFacts facts, Exception? innerException)
        : base(message, innerException)
    {
        StatusCode = facts.StatusCode;
        ErrorCode = facts.ErrorCode;
        ApiMessage = facts.ApiMessage;
        RequestId = facts.RequestId;
        TraceId = facts.TraceId;
        Offset = facts.Offset;
        RetryAfter = facts.RetryAfter;
    }

    /// <summary>The HTTP status code of the response; null if there was no response.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The error code of the API as text (<c>code</c> or <c>error_code</c> of the response body); null if there is none. At most 65 characters.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The error message of the API (<c>msg</c> or <c>error_msg</c> of the response body); null if there is none. At most 513 characters.</summary>
    public string? ApiMessage { get; init; }

    /// <summary>The server's id of the request (<c>X-Request-Id</c>); null if the server sent none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The trace id that was sent with the request (<c>X-Traceid</c>, 58 characters); null if no request was sent.</summary>
    public string? TraceId { get; init; }

    /// <summary>The requested offset; null if the failure does not belong to a request.</summary>
    public long? Offset { get; init; }

    /// <summary>The delay that the server requested with <c>Retry-After</c>, in seconds or as a date; null if it requested none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// The position after the last job that a failed listing yielded, from which <see cref="JobListing.AsPages"/> resumes; null if no listing failed.
    /// </summary>
    public string? ResumePoint
    {
        get => _resumePoint;
        init => _resumePoint = value;
    }

    /// <summary>Whether the same request may succeed later, without a change of the request, the configuration or the account.</summary>
    public virtual bool IsTransient => false;

    /// <summary>Sets the resume point. Only the walk that failed calls this method, before its caller receives the exception, because the request has no reference to its walk.</summary>
    internal void SetResumePoint(string resumePoint) => _resumePoint = resumePoint;
}
