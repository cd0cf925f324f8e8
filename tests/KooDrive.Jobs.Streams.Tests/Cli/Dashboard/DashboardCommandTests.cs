using System.IO.Pipelines;
using System.Net;
using System.Net.ServerSentEvents;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.AspNetCore;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

public class DashboardCommandTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_prints_its_address_and_serves_until_interrupted()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var pipe = new Pipe();
        var run = new KooJobs { Output = pipe.Writer.AsStream() };
        Task<int> serving = run.RunAsync(interrupt.Token, "dashboard", "--emulator");
        using var output = new StreamReader(pipe.Reader.AsStream());
        string? line = await output.ReadLineAsync(interrupt.Token);
        Assert.Matches("^listening on http://127\\.0\\.0\\.1:[0-9]+$", line);

        using var client = new HttpClient { BaseAddress = new Uri(line!.Split(' ')[^1]) };
        Assert.Contains("<h1>KooDrive jobs</h1>", await client.GetStringAsync("/", TestEnd), StringComparison.Ordinal);
        await using (Stream events = await client.GetStreamAsync("/jobs/events", TestEnd))
        {
            SseItem<string> snapshot = await SseParser.Create(events).EnumerateAsync(TestEnd).ElementAtAsync(1, TestEnd);
            Assert.Equal("snapshot", snapshot.EventType);
        }

        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await serving);
    }

    [Fact]
    public async Task Dashboard_reports_the_port_and_the_remedy_when_the_port_is_in_use()
    {
        await using JobsEmulator taken = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        var run = new KooJobs();

        Assert.Equal(ExitCode.Failed, await run.RunAsync("dashboard", "--emulator", "--port", $"{taken.Endpoint.Port}"));
        Assert.Contains($"koojobs: Port {taken.Endpoint.Port} cannot be used", run.ErrorText, StringComparison.Ordinal);
        Assert.Empty(run.OutputText);
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("[::1]:1234", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example:80", HttpStatusCode.BadRequest)]
    public async Task Dashboard_rejects_host_names_other_than_loopback(string host, HttpStatusCode expected)
    {
        await using var watch = new FakeWatch();
        await using DashboardServer dashboard = await DashboardServer.StartAsync(watch, port: 0, TimeProvider.System, TestEnd);
        using var client = new HttpClient { BaseAddress = dashboard.Endpoint };

        foreach (string path in (string[])["/", "/jobs/events", "/jobs/unfinished", "/dashboard.js"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestEnd);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task Dashboard_sends_security_headers_with_every_response()
    {
        await using var watch = new FakeWatch();
        await using DashboardServer dashboard = await DashboardServer.StartAsync(watch, port: 0, TimeProvider.System, TestEnd);
        using var client = new HttpClient { BaseAddress = dashboard.Endpoint };
        foreach (string path in (string[])["/", "/dashboard.css", "/dashboard.js", "/feed.js", "/json.js", "/names.js", "/table.js", "/icon.svg", "/jobs/events"])
        {
            using HttpResponseMessage response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestEnd);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(response.Headers.CacheControl?.NoStore);
        }
    }
}
