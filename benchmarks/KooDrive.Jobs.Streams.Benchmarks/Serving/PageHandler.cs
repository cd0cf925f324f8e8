using System.Net;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A server in memory, to measure only the client. Thread-safe.</summary>
internal sealed class PageHandler(RenderedJobs jobs) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private int _requests;
    private long _bytes;

    /// <summary>The current list.</summary>
    public RenderedJobs Jobs { get; set; } = jobs;

    /// <summary>The number of requested pages.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The size of the response bodies, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        var page = RequestedPage.In(request.RequestUri!.OriginalString);
        byte[] body = Jobs.Page(page);
        Interlocked.Add(ref _bytes, body.Length);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
