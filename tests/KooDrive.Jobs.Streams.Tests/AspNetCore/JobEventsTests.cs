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

/// <summary>The endpoint over real sockets with the emulator.</summary>
public class JobEventsTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MapJobEvents_sends_the_snapshot_and_changes_as_named_JSON_events()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string first = emulator.Jobs.Add(taskType: 2).TaskId;
        string second = emulator.Jobs.Add(taskType: 1).TaskId;
        using JobsClient client = Client(emulator);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1) });
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        List<SseItem<string>> received = [];

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            received.Add(item);
            if (received.Count == 5)
            {
                emulator.Jobs.Start(first);
                emulator.Jobs.Finish(first, taskResultCode: 3, resultCode: 42);
            }

            if (item.EventType == "changed")
            {
                break;
            }
        }

        Assert.Equal(["heartbeat", "snapshot", "snapshot", "synced", "pollCompleted"], received.Take(5).Select(item => item.EventType));
        Assert.Equal([first, second], received.Skip(1).Take(2).Select(item => Parse(item).GetProperty("current").GetProperty("taskId").GetString()));
        Assert.All(received.Skip(1), item => Assert.Equal(item.EventType, Parse(item).GetProperty("event").GetString()));
        JsonElement changed = Parse(received[^1]);
        Assert.Equal(first, changed.GetProperty("taskId").GetString());
        Assert.Equal(0, changed.GetProperty("previous").GetProperty("status").GetInt32());
        Assert.Equal(3, changed.GetProperty("current").GetProperty("taskResultCode").GetInt32());
        Assert.Equal(42, changed.GetProperty("current").GetProperty("resultCode").GetInt32());
    }

    [Fact]
    public async Task MapJobEvents_sends_a_new_snapshot_to_a_client_that_reconnects()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        using JobsClient client = Client(emulator);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1) });
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        await SeeAsync(status: 0);

        // In the snapshot or directly after it, depending on whether the watch has detected that the first reader unsubscribed.
        emulator.Jobs.Start(taskId);
        await SeeAsync(status: 1);

        async Task SeeAsync(int status)
        {
            List<SseItem<string>> received = [];
            await foreach (SseItem<string> item in app.ReadAsync().Skip(1))
            {
                received.Add(item);
                if (received.Count > 1 && received.Any(item => IsIn(item, status)))
                {
                    break;
                }
            }

            Assert.Equal(["snapshot", "synced"], received.Take(2).Select(item => item.EventType));
        }

        static bool IsIn(SseItem<string> item, int status) =>
            Parse(item).TryGetProperty("current", out JsonElement job) && job.GetProperty("status").GetInt32() == status;
    }

    [Fact]
    public async Task MapJobEvents_sends_an_event_stream_without_caching_or_buffering()
    {
        await using var watch = new FakeWatch();
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        using HttpResponseMessage response = await app.Client.GetAsync("/jobs/events", HttpCompletionOption.ResponseHeadersRead, TestEnd);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        using HttpResponseMessage posted = await app.Client.PostAsync("/jobs/events", content: null, TestEnd);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task MapJobEvents_ends_the_subscription_of_a_client_that_disconnects()
    {
        await using var watch = new FakeWatch(new WatchSynced());
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            Assert.False(watch.Unsubscribed.IsCompleted);
            if (item.EventType == "synced")
            {
                break;
            }
        }

        await watch.Unsubscribed.WaitAsync(TestEnd);
    }

    [Fact]
    public async Task MapJobEvents_ends_its_streams_when_the_application_stops()
    {
        await using var watch = new FakeWatch(new WatchSynced());
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        Task stopping = Task.CompletedTask;

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            stopping = item.EventType == "synced" ? app.StopAsync() : stopping;
        }

        Assert.True(watch.Unsubscribed.IsCompleted);
        await stopping;
    }

    [Fact]
    public async Task MapJobEvents_aborts_a_client_that_does_not_read_at_shutdown()
    {
        // Larger than all buffers in between: after the start has arrived, the rest waits for the client.
        var large = new JobListed { Job = new Job { TaskId = "1", TaskName = new string('x', 16_000_000) } };
        await using var watch = new FakeWatch(large);
        await using JobEventsApp app = await JobEventsApp.StartAsync(
            services => services.AddSingleton<JobWatch>(watch).Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromHours(1)),
            app => app.MapJobEvents("/jobs/events"));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8_192 };
        await client.ConnectAsync(IPAddress.Loopback, app.Address.Port, TestEnd);
        await client.SendAsync("GET /jobs/events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestEnd);
        var response = new StringBuilder();
        byte[] buffer = new byte[1_024];
        while (!response.ToString().Contains("event: snapshot", StringComparison.Ordinal))
        {
            response.Append(Encoding.UTF8.GetString(buffer, 0, await client.ReceiveAsync(buffer, TestEnd)));
        }

        await app.StopAsync().WaitAsync(TimeSpan.FromMinutes(2), TestEnd);

        Assert.True(watch.Unsubscribed.IsCompleted);
    }

    [Fact]
    public async Task MapJobEvents_sends_the_error_that_ends_the_watch()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        emulator.Credentials.ReplaceTokens("another-token");
        using JobsClient client = Client(emulator);
        await using JobWatch watch = client.WatchJobs();
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        List<SseItem<string>> received = await app.ReadAsync().ToListAsync(TestEnd);

        Assert.Equal(["heartbeat", "pollFailed"], received.Select(item => item.EventType));
        Assert.Equal(1, Parse(received[1]).GetProperty("attempt").GetInt32());
        Assert.Contains("401", Parse(received[1]).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("emulator-access-token", received[1].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapJobEvents_hides_messages_of_exceptions_of_other_libraries()
    {
        var failed = new PollFailed { Exception = new InvalidOperationException("token=very-secret"), ConsecutiveFailureCount = 1, Delay = TimeSpan.FromSeconds(1) };
        await using var watch = new FakeWatch(failed) { Failure = new IOException("very-secret too") };
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);

        List<SseItem<string>> received = await app.ReadAsync().ToListAsync(TestEnd);

        Assert.Equal(["heartbeat", "pollFailed", "pollFailed"], received.Select(item => item.EventType));
        Assert.Contains("InvalidOperationException", received[1].Data, StringComparison.Ordinal);
        Assert.Contains("IOException", received[2].Data, StringComparison.Ordinal);
        Assert.All(received, item => Assert.DoesNotContain("secret", item.Data, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MapJobEvents_selects_the_watch_by_key_and_throws_when_it_is_missing()
    {
        await using var one = new FakeWatch(new WatchSynced { Poll = 1 });
        await using var other = new FakeWatch(new WatchSynced { Poll = 2 });
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
