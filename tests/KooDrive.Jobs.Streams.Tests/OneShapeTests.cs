using System.Net.ServerSentEvents;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Watching;
using KooDrive.Jobs.Streams.Tests.AspNetCore;
using KooDrive.Jobs.Streams.Tests.Cli;
using KooDrive.Jobs.Streams.Tests.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>The responses of an application, the output of the command and the event stream, which contain the same bytes.</summary>
public sealed class OneShapeTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Minimal_API_returns_a_job_as_the_command_prints_it()
    {
        var run = new KooJobs();
        var writer = JobWriter.Create(OutputFormat.Ndjson, run.Environment);
        await writer.WriteAsync([Samples.Full]);

        Assert.Equal(run.OutputText, await GetAsync("/job") + "\n");
        Assert.Equal($"[{run.OutputText.TrimEnd('\n')}]", await GetAsync("/listing"));
    }

    [Fact]
    public async Task Minimal_API_and_stream_return_events_as_the_command_prints_them()
    {
        var run = new KooJobs();
        var writer = EventWriter.Create(EventFormat.Ndjson, run.Environment, new UnfinishedJobs(), () => []);
        foreach (JobEvent one in Samples.Events)
        {
            await writer.WriteAsync(one);
        }

        await using var watch = new FakeWatch([.. Samples.Events]);
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        List<string> streamed = [];
        await foreach (SseItem<string> item in app.ReadAsync())
        {
            if (item.EventType != "heartbeat")
            {
                streamed.Add(item.Data);
            }

            if (streamed.Count == Samples.Events.Count)
            {
                break;
            }
        }

        Assert.Equal(run.Lines, streamed);
        Assert.Equal($"[{string.Join(',', run.Lines)}]", await GetAsync("/events"));
    }

    private static async Task<string> GetAsync(string path)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        await using WebApplication app = builder.Build();
        app.UseRouting();
        app.MapGet("/job", () => Samples.Full);
        app.MapGet("/listing", () => JobListing.FromPages(new JobPage { Jobs = [Samples.Full] }));
        app.MapGet("/events", () => Samples.Events);
        await app.StartAsync(TestEnd);
        string address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(address + path), TestEnd);
    }
}
