using System.Net;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The base of every failure that this library reports about the service, and only of those.</summary>
/// <remarks>
/// Wrong arguments are <see cref="ArgumentException"/>s and are thrown before anything is sent; cancellation is an
/// <see cref="OperationCanceledException"/>. The message says what happened and what to do; it never holds a credential.
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

    /// <summary>The HTTP status of the answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The API's own code (<c>code</c> or <c>error_code</c> of the body), as text, where there was one.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The API's own message (<c>msg</c> or <c>error_msg</c> of the body), where there was one.</summary>
    public string? ApiMessage { get; init; }

    /// <summary>The server's id of the request (<c>X-Request-Id</c>), where it sent one.</summary>
    public string? RequestId { get; init; }

    /// <summary>The trace id that was sent with the request (<c>X-Traceid</c>, 58 characters).</summary>
    public string? TraceId { get; init; }

    /// <summary>The offset that was asked for; null when the failure belongs to no request.</summary>
    public long? Offset { get; init; }

    /// <summary>How long the server asked to wait, from <c>Retry-After</c> as seconds or as a date; null when it did not ask.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Where the listing can go on that failed: text for <see cref="JobListing.AsPages"/>, behind the last job yielded. Null when no
    /// listing failed.
    /// </summary>
    public string? ResumePoint
    {
        get => _resumePoint;
        init => _resumePoint = value;
    }

    /// <summary>Whether the same request may succeed later without anybody changing anything.</summary>
    public virtual bool IsTransient => false;

    /// <summary>Sets the resume point. Only by the walk that failed, before its caller gets the exception: a page does not know the walk.</summary>
    internal void SetResumePoint(string resumePoint) => _resumePoint = resumePoint;
}
