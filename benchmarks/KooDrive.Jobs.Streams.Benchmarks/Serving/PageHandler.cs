using System.Net;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A server in memory: what is left is the client's own cost.</summary>
internal sealed class PageHandler(RenderedJobs jobs) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>What the list is now.</summary>
    public RenderedJobs Jobs { get; set; } = jobs;

    /// <summary>How many pages were requested.</summary>
    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        PageAsked asked = PageAsked.In(request.RequestUri!.OriginalString);
        var content = new ByteArrayContent(Jobs.Page(asked));
        content.Headers.ContentType = Json;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
