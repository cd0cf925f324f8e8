using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Serves rendered pages over HTTP/1.1 on loopback, immediately or after a delay. Counts requests and connections.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly RenderedJobs _jobs;
    private readonly TimeSpan _delay;
    private readonly WebApplication _server;
    private int _requests;
    private int _connections;

    private PageServer(RenderedJobs jobs, TimeSpan delay, int port)
    {
        _jobs = jobs;
        _delay = delay;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                Interlocked.Increment(ref _connections);
                return next(connection);
            });
        }));
        _server = builder.Build();
        _server.Run(RespondAsync);
    }

    public Uri Endpoint => new(_server.Urls.First());

    public int Requests => Volatile.Read(ref _requests);

    public int Connections => Volatile.Read(ref _connections);

    public static async Task<PageServer> StartAsync(RenderedJobs jobs, TimeSpan delay = default, int port = 0)
    {
        var server = new PageServer(jobs, delay, port);
        await server._server.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (_delay > TimeSpan.Zero)
        {
            await Task.Delay(_delay, context.RequestAborted);
        }

        var request = RequestedPage.In(context.Request.QueryString.Value);
        byte[] page = _jobs.Page(request);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = page.Length;
        context.Response.BodyWriter.Write(page);
        await context.Response.BodyWriter.FlushAsync();
    }
}
