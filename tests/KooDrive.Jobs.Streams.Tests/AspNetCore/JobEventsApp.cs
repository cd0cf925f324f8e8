using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Tests.AspNetCore;

/// <summary>A web application on loopback that serves only the events of watches, and connections to it.</summary>
internal sealed class JobEventsApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private JobEventsApp(WebApplication app)
    {
        _app = app;
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client => _client;

    public Uri Address => _client.BaseAddress!;

    public static async Task<JobEventsApp> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        builder.Services.AddRoutingCore();
        services(builder.Services);
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new JobEventsApp(app);
    }

    public static Task<JobEventsApp> StartAsync(JobWatch watch) =>
        StartAsync(services => services.AddSingleton(watch), app => app.MapJobEvents("/jobs/events"));

    /// <summary>Connects and returns the events one by one until the server ends the stream or the caller stops reading.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(string path = "/jobs/events")
    {
        using HttpResponseMessage response = await _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Stops the application as a host does: waits for the requests in flight.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
