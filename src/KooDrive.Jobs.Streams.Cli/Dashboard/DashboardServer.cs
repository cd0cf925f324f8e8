using System.Net;
using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Output;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Cli.Dashboard;

/// <summary>Serves the page with the jobs of one or more accounts on loopback.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private DashboardServer(IReadOnlyList<Account> accounts, int port, TimeProvider time) => _server = Build(accounts, port, time);

    /// <summary>The address of the page: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Endpoint => new(_server.Urls.First());

    /// <summary>Starts the server. The watches do not poll while no page is open.</summary>
    /// <param name="accounts">The accounts. The caller disposes the watches.</param>
    /// <param name="port">The port on 127.0.0.1; 0 for any free port.</param>
    /// <param name="time">The clock of the heartbeats.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DashboardServer> StartAsync(
        IReadOnlyList<Account> accounts, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        var dashboard = new DashboardServer(accounts, port, time);
        try
        {
            await dashboard._server.StartAsync(cancellationToken);
            return dashboard;
        }
        catch
        {
            // For every exception: stop the partially started server and let the caller handle the exception.
            await dashboard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server immediately. The connections of open pages end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    private static WebApplication Build(IReadOnlyList<Account> accounts, int port, TimeProvider time)
    {
        // The empty builder reads no configuration, environment variables or command line.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();

        // Against DNS rebinding: a page of another site can resolve its own name to this machine, and its requests then have that name as the host.
        builder.Services.AddHostFiltering(filter =>
        {
            filter.AllowedHosts = ["127.0.0.1", "localhost", "[::1]"];
            filter.AllowEmptyHosts = false;
        });

        WebApplication server = builder.Build();
        server.UseHostFiltering();
        server.Use(next => context =>
        {
            DashboardHeaders.AddTo(context.Response.Headers);
            return next(context);
        });
        server.UseRouting();
        foreach (DashboardFile file in DashboardFile.All)
        {
            server.MapGet(file.Path, file.SendAsync);
        }

        server.MapGet("/jobs/events", context => SendEventsAsync(context, accounts, time));
        server.MapGet("/jobs/unfinished", context => SendUnfinishedAsync(context, accounts));
        return server;
    }

    private static Task SendEventsAsync(HttpContext context, IReadOnlyList<Account> accounts, TimeProvider time) =>
        TypedResults.ServerSentEvents(new AccountEventStream(accounts, time).ReadAsync(context.RequestAborted)).ExecuteAsync(context);

    // Progress is not an event of the watch, so the page requests it after each poll.
    private static async Task SendUnfinishedAsync(HttpContext context, IReadOnlyList<Account> accounts)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonLine.Options);
        AccountEventJson.WriteUnfinished(json, accounts);
        await json.FlushAsync(context.RequestAborted);
    }
}
