using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Creates the message of an attempt with the headers of the API document.</summary>
/// <param name="userId">The user's id on KooDrive.</param>
/// <param name="language">The language of messages.</param>
internal sealed class RequestHeaders(string userId, string language)
{
    public const string Date = "X-Date";
    public const string UserId = "X-User-Id";
    public const string TraceId = "X-Traceid";
    public const string RequestId = "X-Request-Id";
    public const string UserAgent = "User-Agent";
    private const string Language = "language";

    private static readonly ProductInfoHeaderValue Product =
        new("KooDrive.Jobs.Streams", typeof(RequestHeaders).Assembly.GetName().Version?.ToString(3));

    /// <param name="uri">The address.</param>
    /// <param name="date">The text of <c>X-Date</c>.</param>
    /// <param name="traceId">The text of <c>X-Traceid</c>.</param>
    /// <param name="addUserAgent">Whether to add the name of the library; false if the HttpClient has a User-Agent.</param>
    public HttpRequestMessage CreateMessage(Uri uri, string date, string traceId, bool addUserAgent)
    {
        // Add, unlike TryAddWithoutValidation, rejects line breaks.
        var message = new HttpRequestMessage(HttpMethod.Get, uri);
        message.Headers.Add(UserId, userId);
        message.Headers.Add(Date, date);
        message.Headers.Add(TraceId, traceId);
        message.Headers.Add(Language, language);
        if (addUserAgent)
        {
            message.Headers.UserAgent.Add(Product);
        }

        return message;
    }
}
