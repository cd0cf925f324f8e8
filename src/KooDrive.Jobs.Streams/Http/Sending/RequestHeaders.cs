namespace KooDrive.Jobs.Streams;

/// <summary>The headers that the API documents name, and how an attempt is formed with them.</summary>
/// <param name="userId">The user's id on KooDrive.</param>
/// <param name="language">The language of messages.</param>
internal sealed class RequestHeaders(string userId, string language)
{
    public const string Date = "X-Date";
    public const string UserId = "X-User-Id";
    public const string TraceId = "X-Traceid";
    public const string RequestId = "X-Request-Id";
    private const string Language = "language";

    public HttpRequestMessage CreateMessage(Uri uri, string date, string traceId)
    {
        // Add, not TryAddWithoutValidation: it refuses line breaks.
        var message = new HttpRequestMessage(HttpMethod.Get, uri);
        message.Headers.Add(UserId, userId);
        message.Headers.Add(Date, date);
        message.Headers.Add(TraceId, traceId);
        message.Headers.Add(Language, language);
        return message;
    }
}
