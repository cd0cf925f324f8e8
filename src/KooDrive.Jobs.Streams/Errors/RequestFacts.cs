using System.Net;

namespace KooDrive.Jobs.Streams.Errors;

/// <summary>What is known about one attempt and its answer: what pages and exceptions tell the user.</summary>
internal readonly record struct RequestFacts
{
    public required long Offset { get; init; }

    public required int Limit { get; init; }

    public string? TraceId { get; init; }

    public HttpStatusCode? StatusCode { get; init; }

    public string? RequestId { get; init; }

    public string? ErrorCode { get; init; }

    public string? ApiMessage { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The authorization of the request, which must not appear in any message.</summary>
    public ISecretHolder? Authorization { get; init; }

    public RequestFacts WithError(string? code, string? message) =>
        this with { ErrorCode = SafeText.Code(Redact(code)), ApiMessage = SafeText.Message(Redact(message)) };

    public RequestFacts WithRequestId(string? requestId) => this with { RequestId = SafeText.Id(Redact(requestId)) };

    /// <summary>Text that is the server's, or may hold some of it, made fit for messages and logs.</summary>
    public string Quote(string text) => SafeText.Message(Redact(text))!;

    private string? Redact(string? text) => Authorization?.Redact(text) ?? text;
}
