using System.Net;

namespace KooDrive.Jobs.Streams.Errors;

/// <summary>The facts about one attempt and its response, for pages and exceptions.</summary>
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

    /// <summary>Returns text that the server sent, or that may contain such text, safe for messages and logs.</summary>
    public string Quote(string text) => SafeText.Message(Redact(text))!;

    private string? Redact(string? text) => Authorization?.Redact(text) ?? text;
}

/// <summary>An object with a secret, which it removes from text.</summary>
internal interface ISecretHolder
{
    /// <summary>Returns text of the server without the secret, because some servers repeat rejected values in error messages.</summary>
    public string? Redact(string? text);
}
