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

    private static readonly string Product =
        new ProductInfoHeaderValue("KooDrive.Jobs.Streams", typeof(RequestHeaders).Assembly.GetName().Version?.ToString(3)).ToString();

    /// <param name="uri">The address.</param>
    /// <param name="date">The text of <c>X-Date</c>.</param>
    /// <param name="traceId">The text of <c>X-Traceid</c>.</param>
    /// <param name="addUserAgent">Whether to add the name of the library; false if the HttpClient has a User-Agent.</param>
    public HttpRequestMessage CreateMessage(Uri uri, string date, string traceId, bool addUserAgent)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, uri);
        HttpRequestHeaders headers = message.Headers;

        // Add would parse each value again and keep a collection for it. The user and the language were validated once, and the other values have no line breaks.
#pragma warning disable RS0030
        headers.TryAddWithoutValidation(UserId, userId);
        headers.TryAddWithoutValidation(Date, date);
        headers.TryAddWithoutValidation(TraceId, traceId);
        headers.TryAddWithoutValidation(Language, language);
        if (addUserAgent)
        {
            headers.TryAddWithoutValidation(UserAgent, Product);
        }
#pragma warning restore RS0030

        return message;
    }
}
