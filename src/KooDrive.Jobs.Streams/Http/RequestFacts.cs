using System.Net;

namespace KooDrive.Jobs.Streams;

/// <summary>What is known about one attempt and its answer: what pages and exceptions tell the user.</summary>
internal readonly record struct RequestFacts
{
    public required long Offset { get; init; }

    public required int Limit { get; init; }

    public string? TraceId { get; init; }

    public HttpStatusCode? HttpStatus { get; init; }

    public string? RequestId { get; init; }

    public string? Code { get; init; }

    public string? ApiMessage { get; init; }

    public TimeSpan? RetryAfter { get; init; }
}
