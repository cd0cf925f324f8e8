using System.IO.Pipelines;
using System.Net;
using System.Net.ServerSentEvents;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Cli.Execution;
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
            SseItem<string> snapshot = await SseParser.Create(events).EnumerateAsync(TestEnd).ElementAtAsync(2, TestEnd);
            Assert.Equal("snapshot", snapshot.EventType);
        }

        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await serving);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dashboard_serves_several_users_with_a_token_for_all_or_for_each(bool hasTokenForEach)
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        emulator.Jobs.Add(new EmulatedJob { TaskId = "1001", TaskType = 1, Status = 1 });
        emulator.AddUser("2", "second-token").Add(new EmulatedJob { TaskId = "1002", TaskType = 1, Status = 1 });
        emulator.Credentials.AcceptToken("token-for-all");
        using var first = new TemporaryFile(hasTokenForEach ? new JobsEmulatorOptions().AccessToken : "token-for-all");
        using var second = new TemporaryFile("second-token");
        string[] tokenFiles = ["--token-file", first.Path, .. hasTokenForEach ? ["--token-file", second.Path] : Array.Empty<string>()];
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var pipe = new Pipe();
        var run = new KooJobs { Output = pipe.Writer.AsStream() };

        Task<int> serving = run.RunAsync(
            interrupt.Token,
            ["dashboard", "--endpoint", emulator.Endpoint.ToString(), "--user-id", new JobsEmulatorOptions().UserId, "--user-id", "2", .. tokenFiles]);

        using var output = new StreamReader(pipe.Reader.AsStream());
        using var client = new HttpClient { BaseAddress = new Uri((await output.ReadLineAsync(interrupt.Token))!.Split(' ')[^1]) };
        await using (Stream events = await client.GetStreamAsync("/jobs/events", TestEnd))
        {
            string[] snapshots = await SseParser.Create(events).EnumerateAsync(TestEnd)
                .Where(item => item.EventType == "snapshot").Select(item => item.Data).Take(2).ToArrayAsync(TestEnd);
            Assert.Contains(snapshots, data => data.StartsWith($"{{\"userId\":\"{new JobsEmulatorOptions().UserId}\",", StringComparison.Ordinal) && data.Contains("1001", StringComparison.Ordinal));
            Assert.Contains(snapshots, data => data.StartsWith("{\"userId\":\"2\",", StringComparison.Ordinal) && data.Contains("1002", StringComparison.Ordinal));
        }

        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await serving);
    }

    [Theory]
    [InlineData("--user-id 1 --user-id 1", "--user-id: '1' is specified more than once. Specify each user once.")]
    [InlineData("--user-id 1 --user-id 2 --user-id 3 --token-file a --token-file b", "--token-file: 2 files are specified for 3 users. Specify one file for all users, or one for each --user-id in the same order.")]
    [InlineData("--user-id 1 --token-file a --token-file b", "--token-file: 2 files are specified for 1 user.")]
    [InlineData("--user-id 1 --user-id 2 --token-file - --token-file -", "--token-file: Standard input (-) is specified more than once.")]
    [InlineData("--user-id 1 --user-id a\nb", "--user-id: The user id")]
    public async Task Dashboard_rejects_users_and_token_files_that_do_not_match(string arguments, string message)
    {
        var run = new KooJobs { Variables = { ["KOODRIVE_TOKEN"] = "token" } };

        Assert.Equal(ExitCode.Usage, await run.RunAsync(["dashboard", "--endpoint", "http://127.0.0.1:9", .. arguments.Split(' ')]));
        Assert.Contains(message, run.ErrorText, StringComparison.Ordinal);
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
        await using DashboardServer dashboard = await DashboardServer.StartAsync([new("1", watch)], port: 0, TimeProvider.System, TestEnd);
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
        await using DashboardServer dashboard = await DashboardServer.StartAsync([new("1", watch)], port: 0, TimeProvider.System, TestEnd);
        using var client = new HttpClient { BaseAddress = dashboard.Endpoint };
        foreach (string path in (string[])["/", "/dashboard.css", "/dashboard.js", "/account.js", "/chart.js", "/feed.js", "/json.js", "/names.js", "/overview.js", "/table.js", "/icon.svg", "/jobs/events"])
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
