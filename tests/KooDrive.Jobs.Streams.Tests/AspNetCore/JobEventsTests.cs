using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KooDrive.Jobs.Streams.Tests.AspNetCore;

/// <summary>The endpoint over real sockets, and the emulator behind it.</summary>
public class JobEventsTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_the_picture_then_news_each_named_and_as_json()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string first = emulator.Jobs.Add(taskType: 2).TaskId;
        string second = emulator.Jobs.Add(taskType: 1).TaskId;
        using JobsClient client = Client(emulator);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1) });
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        List<SseItem<string>> told = [];

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            told.Add(item);
            if (told.Count == 5)
            {
                emulator.Jobs.Start(first);
                emulator.Jobs.Finish(first, taskResultCode: 3, resultCode: 42);
            }

            if (item.EventType == "changed")
            {
                break;
            }
        }

        Assert.Equal(["heartbeat", "snapshot", "snapshot", "synced", "pollCompleted"], told.Take(5).Select(item => item.EventType));
        Assert.Equal([first, second], told.Skip(1).Take(2).Select(item => Parse(item).GetProperty("current").GetProperty("taskId").GetString()));
        Assert.All(told.Skip(1), item => Assert.Equal(item.EventType, Parse(item).GetProperty("event").GetString()));
        JsonElement changed = Parse(told[^1]);
        Assert.Equal(first, changed.GetProperty("taskId").GetString());
        Assert.Equal(0, changed.GetProperty("previous").GetProperty("status").GetInt32());
        Assert.Equal(3, changed.GetProperty("current").GetProperty("taskResultCode").GetInt32());
        Assert.Equal(42, changed.GetProperty("current").GetProperty("resultCode").GetInt32());
    }

    [Fact]
    public async Task Who_connects_again_gets_the_picture_anew_from_the_same_watch()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        using JobsClient client = Client(emulator);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1) });
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        await SeeAsync(status: 0);

        // Told in the picture or right after it, depending on whether the watch has noticed that the first reader left.
        emulator.Jobs.Start(taskId);
        await SeeAsync(status: 1);

        async Task SeeAsync(int status)
        {
            List<SseItem<string>> told = [];
            await foreach (SseItem<string> item in app.ReadAsync().Skip(1))
            {
                told.Add(item);
                if (told.Count > 1 && told.Any(item => IsIn(item, status)))
                {
                    break;
                }
            }

            Assert.Equal(["snapshot", "synced"], told.Take(2).Select(item => item.EventType));
        }

        static bool IsIn(SseItem<string> item, int status) =>
            Parse(item).TryGetProperty("current", out JsonElement job) && job.GetProperty("status").GetInt32() == status;
    }

    [Fact]
    public async Task Answer_is_an_event_stream_that_nobody_may_keep_or_hold_back()
    {
        await using var watch = new ScriptedWatch();
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        using HttpResponseMessage response = await app.Client.GetAsync("/jobs/events", HttpCompletionOption.ResponseHeadersRead, TestEnd);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        using HttpResponseMessage posted = await app.Client.PostAsync("/jobs/events", content: null, TestEnd);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_subscription()
    {
        await using var watch = new ScriptedWatch(new WatchSynced());
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            Assert.False(watch.Left.IsCompleted);
            if (item.EventType == "synced")
            {
                break;
            }
        }

        await watch.Left.WaitAsync(TestEnd);
    }

    [Fact]
    public async Task An_application_that_stops_ends_its_streams()
    {
        await using var watch = new ScriptedWatch(new WatchSynced());
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        Task stopping = Task.CompletedTask;

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            stopping = item.EventType == "synced" ? app.StopAsync() : stopping;
        }

        Assert.True(watch.Left.IsCompleted);
        await stopping;
    }

    [Fact]
    public async Task An_application_that_stops_waits_for_no_client_that_does_not_read()
    {
        // Larger than all the buffers between the two: once its beginning has come, the rest of it waits for the client.
        var large = new JobListed { Job = new Job { TaskId = "1", TaskName = new string('x', 16_000_000) } };
        await using var watch = new ScriptedWatch(large);
        await using JobEventsApp app = await JobEventsApp.StartAsync(
            services => services.AddSingleton<JobWatch>(watch).Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromHours(1)),
            app => app.MapJobEvents("/jobs/events"));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8_192 };
        await client.ConnectAsync(IPAddress.Loopback, app.Address.Port, TestEnd);
        await client.SendAsync("GET /jobs/events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestEnd);
        var answer = new StringBuilder();
        byte[] buffer = new byte[1_024];
        while (!answer.ToString().Contains("event: snapshot", StringComparison.Ordinal))
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, await client.ReceiveAsync(buffer, TestEnd)));
        }

        await app.StopAsync().WaitAsync(TimeSpan.FromMinutes(2), TestEnd);

        Assert.True(watch.Left.IsCompleted);
    }

    [Fact]
    public async Task An_error_that_ends_the_watch_is_told_before_the_stream_ends()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        emulator.Credentials.ReplaceTokens("another-token");
        using JobsClient client = Client(emulator);
        await using JobWatch watch = client.WatchJobs();
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        List<SseItem<string>> told = await app.ReadAsync().ToListAsync(TestEnd);

        Assert.Equal(["heartbeat", "pollFailed"], told.Select(item => item.EventType));
        Assert.Equal(1, Parse(told[1]).GetProperty("attempt").GetInt32());
        Assert.Contains("401", Parse(told[1]).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("emulator-access-token", told[1].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_exceptions_say_stays_on_the_server()
    {
        var failed = new PollFailed { Exception = new InvalidOperationException("token=very-secret"), Attempt = 1, Delay = TimeSpan.FromSeconds(1) };
        await using var watch = new ScriptedWatch(failed) { Failure = new IOException("very-secret too") };
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        List<SseItem<string>> told = await app.ReadAsync().ToListAsync(TestEnd);

        Assert.Equal(["heartbeat", "pollFailed", "pollFailed"], told.Select(item => item.EventType));
        Assert.Contains("InvalidOperationException", told[1].Data, StringComparison.Ordinal);
        Assert.Contains("IOException", told[2].Data, StringComparison.Ordinal);
        Assert.All(told, item => Assert.DoesNotContain("secret", item.Data, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_chooses_the_watch_and_a_watch_that_is_not_there_is_named_at_once()
    {
        await using var one = new ScriptedWatch(new WatchSynced { Poll = 1 });
        await using var other = new ScriptedWatch(new WatchSynced { Poll = 2 });
        await using JobEventsApp app = await JobEventsApp.StartAsync(
            services => services.AddKeyedSingleton<JobWatch>("one", one).AddKeyedSingleton<JobWatch>("other", other),
            app =>
            {
                app.MapJobEvents("/one", "one");
                app.MapJobEvents("/other", "other");
                Assert.Throws<InvalidOperationException>(() => app.MapJobEvents("/none"));
                Assert.Throws<ArgumentException>("serviceKey", () => app.MapJobEvents("/empty", ""));
                Assert.Contains("'third'", Assert.Throws<InvalidOperationException>(() => app.MapJobEvents("/third", "third")).Message, StringComparison.Ordinal);
            });

        Assert.Equal(1, Parse(await app.ReadAsync("/one").ElementAtAsync(1, TestEnd)).GetProperty("poll").GetInt32());
        Assert.Equal(2, Parse(await app.ReadAsync("/other").ElementAtAsync(1, TestEnd)).GetProperty("poll").GetInt32());
    }

    private static JsonElement Parse(SseItem<string> item) => JsonDocument.Parse(item.Data).RootElement;

    private static JobsClient Client(JobsEmulator emulator) => TestClients.ToEmulator(emulator.Endpoint, options => options.MaxRetries = 0);
}
