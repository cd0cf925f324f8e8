using System.Net;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A server in memory: what is left is the client's own cost.</summary>
internal sealed class PageHandler(RenderedJobs jobs) : HttpMessageHandler
{
    /// <summary>What the list is now.</summary>
    public RenderedJobs Jobs { get; set; } = jobs;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        PageAsked asked = PageAsked.In(request.RequestUri!.OriginalString);
        var content = new ByteArrayContent(Jobs.Page(asked));
        content.Headers.ContentType = Json;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
