using System.Net;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A server in memory, to measure only the client.</summary>
internal sealed class PageHandler(RenderedJobs jobs) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The current list.</summary>
    public RenderedJobs Jobs { get; set; } = jobs;

    /// <summary>The number of requested pages.</summary>
    public int Requests { get; private set; }

    /// <summary>The size of the response bodies, in bytes.</summary>
    public long Bytes { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        var page = RequestedPage.In(request.RequestUri!.OriginalString);
        byte[] body = Jobs.Page(page);
        Bytes += body.Length;
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
