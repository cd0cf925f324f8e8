using System.Net.ServerSentEvents;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Tests.AspNetCore;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

public class AccountEventStreamTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_subscribes_again_when_a_watch_ends_with_an_error()
    {
        var time = new FakeTimeProvider();
        await using var failing = new FakeWatch(new WatchSynced()) { Failure = new InvalidOperationException("secret") };
        await using var other = new FakeWatch(new WatchSynced());
        var stream = new AccountEventStream([new Account("1", failing), new Account("2", other)], time);
        var received = new List<SseItem<string>>();

        await foreach (SseItem<string> item in WhileTimePasses(stream.ReadAsync(TestEnd), time))
        {
            received.Add(item);
            if (received.Count(each => each.EventType == "pollFailed") == 2)
            {
                break;
            }
        }

        Assert.Equal("{\"userIds\":[\"1\",\"2\"]}", received[0].Data);
        Assert.Equal(["subscribed", "synced", "pollFailed", "subscribed", "synced", "pollFailed"], Names(received, "1"));
        Assert.Equal(["subscribed", "synced"], Names(received, "2"));
        // The stream continues to subscribe in the virtual time that passes before the reader unsubscribes.
        Assert.InRange(failing.Readers, 2, int.MaxValue);
        Assert.Equal(1, other.Readers);
        string failure = received.First(item => item.EventType == "pollFailed").Data;
        Assert.Contains("The poll failed: InvalidOperationException. Repeat the command with --verbose to see the details.", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
        await other.Unsubscribed.WaitAsync(TestEnd);
    }

    [Fact]
    public async Task ReadAsync_reports_a_failure_before_and_after_an_outdated_snapshot()
    {
        await using var watch = new FakeWatch(new JobListed { Job = new Job { TaskId = "1" } }, new WatchSynced())
        {
            State = new() { PollCount = 3, ConsecutiveFailureCount = 2, LastException = new JobsAuthenticationException("Check UserId.") },
        };

        List<SseItem<string>> received = await new AccountEventStream([new Account("1", watch)], TimeProvider.System).ReadAsync(TestEnd).Take(6).ToListAsync(TestEnd);

        Assert.Equal(["accounts", "subscribed", "pollFailed", "snapshot", "synced", "pollFailed"], received.Select(item => item.EventType));
        Assert.Contains("Check --user-id.", received[2].Data, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<SseItem<string>> WhileTimePasses(IAsyncEnumerable<SseItem<string>> items, FakeTimeProvider time)
    {
        await using IAsyncEnumerator<SseItem<string>> reader = items.GetAsyncEnumerator(TestEnd);
        while (true)
        {
            Task<bool> next = reader.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                time.Advance(AccountEventStream.ReconnectionInterval);
                await Task.Yield();
            }

            if (!await next)
            {
                yield break;
            }

            yield return reader.Current;
        }
    }

    private static IEnumerable<string> Names(IEnumerable<SseItem<string>> items, string userId) =>
        items.Where(item => item.Data.StartsWith($"{{\"userId\":\"{userId}\"", StringComparison.Ordinal)).Select(item => item.EventType);
}
