using System.Net.ServerSentEvents;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json;
using KooDrive.Jobs.Streams.AspNetCore;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.AspNetCore;

public class JobEventStreamTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_sends_a_heartbeat_at_the_start_and_when_idle()
    {
        var time = new FakeTimeProvider();
        await using var watch = new FakeWatch(new WatchSynced());
        var stream = new JobEventStream(watch, time, CancellationToken.None);
        await using IAsyncEnumerator<SseItem<string>> items = stream.ReadAsync(TestEnd).GetAsyncEnumerator(TestEnd);

        Assert.True(await items.MoveNextAsync());
        Assert.Equal("heartbeat", items.Current.EventType);
        Assert.Equal(JobEventStream.ReconnectionInterval, items.Current.ReconnectionInterval);
        Assert.True(await items.MoveNextAsync());
        Assert.Equal("synced", items.Current.EventType);
        for (int beat = 0; beat < 3; beat++)
        {
            ValueTask<bool> next = items.MoveNextAsync();
            time.Advance(JobEventStream.HeartbeatInterval - TimeSpan.FromTicks(1));
            Assert.False(next.IsCompleted);
            time.Advance(TimeSpan.FromTicks(1));
            Assert.True(await next);
            Assert.Equal("heartbeat", items.Current.EventType);
        }
    }

    [Fact]
    public async Task ReadAsync_reports_a_failure_once_when_the_first_poll_of_the_subscription_fails()
    {
        var error = new IOException("The poll failed.");
        await using var watch = new FakeWatch(new PollFailed { Exception = error, ConsecutiveFailureCount = 1, Delay = TimeSpan.FromSeconds(1) })
        {
            State = new(),
            Subscribed = watch => watch.State = new() { PollCount = 1, ConsecutiveFailureCount = 1, LastException = error },
            Failure = new InvalidOperationException("The watch ended."),
        };
        var stream = new JobEventStream(watch, new FakeTimeProvider(), CancellationToken.None);

        List<SseItem<string>> items = await stream.ReadAsync(TestEnd).ToListAsync(TestEnd);

        Assert.Equal(["heartbeat", "pollFailed", "pollFailed"], items.Select(item => item.EventType));
        Assert.Contains(nameof(IOException), items[1].Data, StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), items[2].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_reports_a_failed_last_poll_before_and_after_the_snapshot()
    {
        var time = new FakeTimeProvider();
        await using var watch = new FakeWatch(new JobListed { Job = new Job { TaskId = "1" } }, new WatchSynced(), new WatchSynced())
        {
            State = new()
            {
                PollCount = 7,
                ConsecutiveFailureCount = 3,
                LastException = new IOException("very-secret"),
                NextPollAt = time.GetUtcNow() + TimeSpan.FromSeconds(30),
            },
            Failure = new IOException("It ends."),
        };
        var stream = new JobEventStream(watch, time, CancellationToken.None);

        List<SseItem<string>> received = await stream.ReadAsync(TestEnd).ToListAsync(TestEnd);

        Assert.Equal(["heartbeat", "pollFailed", "snapshot", "synced", "pollFailed", "synced", "pollFailed"], received.Select(item => item.EventType));
        JsonElement failed = JsonDocument.Parse(received[1].Data).RootElement;
        Assert.Equal((7, 3, 30), (failed.GetProperty("poll").GetInt32(), failed.GetProperty("attempt").GetInt32(), failed.GetProperty("retryInSeconds").GetInt32()));
        Assert.Equal(received[1].Data, received[4].Data);
        Assert.DoesNotContain("secret", received[1].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_sends_no_delay_when_the_next_poll_is_due_or_in_progress()
    {
        var time = new FakeTimeProvider();
        foreach (DateTimeOffset? next in (DateTimeOffset?[])[null, time.GetUtcNow() - TimeSpan.FromSeconds(1)])
        {
            await using var watch = new FakeWatch
            {
                State = new() { PollCount = 1, ConsecutiveFailureCount = 1, LastException = new IOException(), NextPollAt = next },
                Failure = new IOException("It ends."),
            };
            SseItem<string> failed = await new JobEventStream(watch, time, CancellationToken.None).ReadAsync(TestEnd).ElementAtAsync(1, TestEnd);

            Assert.Equal(0, JsonDocument.Parse(failed.Data).RootElement.GetProperty("retryInSeconds").GetDouble());
        }
    }

    [Fact]
    public async Task ReadAsync_sends_a_gap_and_a_snapshot_to_a_slow_client()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string[] taskIds = [.. Enumerable.Range(0, 5).Select(_ => emulator.Jobs.Add(taskType: 2).TaskId)];
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1), SubscriberBufferCapacity = 2 });
        await using IAsyncEnumerator<SseItem<string>> slow = new JobEventStream(watch, TimeProvider.System, CancellationToken.None)
            .ReadAsync(TestEnd).GetAsyncEnumerator(TestEnd);
        Assert.True(await slow.MoveNextAsync());
        Assert.True(await slow.MoveNextAsync());
        Assert.Equal("snapshot", slow.Current.EventType);

        // While the reader waits, two polls find more than two changes each.
        foreach (Action<string> change in (Action<string>[])[taskId => emulator.Jobs.Start(taskId), taskId => emulator.Jobs.Finish(taskId)])
        {
            Array.ForEach(taskIds, change);
            long seen = emulator.Requests.Count;
            await emulator.Requests.WaitForCountAsync(seen + 4, TestEnd);
        }

        List<string> received = [];
        while (received.LastOrDefault() != "synced" || !received.Contains("gap"))
        {
            Assert.True(await slow.MoveNextAsync());
            received.Add(slow.Current.EventType);
        }

        Assert.DoesNotContain("changed", received.SkipWhile(name => name != "gap"));
        Assert.Equal(5, received.SkipWhile(name => name != "gap").Count(name => name == "snapshot"));
    }

    [Fact]
    public async Task ReadAsync_sends_a_gap_over_the_socket_to_a_client_that_did_not_read()
    {
        // More than the capacity of all buffers in between, so that the server waits for the client.
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string name = new('x', 8_000);
        IReadOnlyList<EmulatedJob> jobs = emulator.Jobs.AddMany(Enumerable.Range(0, 2_000).Select(_ => new EmulatedJob { TaskType = 2, Status = 1, TaskName = name }));
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1), SubscriberBufferCapacity = 2 });
        await using JobEventsApp app = await JobEventsApp.StartAsync(watch);
        bool isStalled = true;
        List<string> received = [];

        await foreach (SseItem<string> item in app.ReadAsync())
        {
            received.Add(item.EventType);
            if (item.EventType == "snapshot" && isStalled)
            {
                isStalled = false;
                for (int poll = 0; poll < 3; poll++)
                {
                    Task change = watch.Changes.Take(1).ToTask(TestEnd);
                    emulator.Jobs.Finish(jobs[^(1 + poll)].TaskId);
                    await change;
                }
            }

            if (item.EventType == "gap")
            {
                Assert.Contains("slowSubscriber", item.Data, StringComparison.Ordinal);
                break;
            }
        }

        Assert.Equal("gap", received[^1]);
    }
}
