using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>A subscription of one connection: the events of a watch as they go over the wire, and something in between while none come.</summary>
internal sealed class JobEventStream(JobWatch watch, TimeProvider timeProvider, CancellationToken stopping)
{
    /// <summary>Proxies give up on a connection after a minute, some after half of one.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long a browser waits before it comes again.</summary>
    public static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(2);

    /// <summary>No event of the watch, and nothing that a page listens for.</summary>
    private static readonly SseItem<string> Heartbeat = new("{}", "heartbeat");

    private readonly ArrayBufferWriter<byte> _json = new(1024);

    /// <summary>Reads until the client is gone, the application stops or the watch ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken gone)
    {
        // The first poll may take its time, and until something is sent the browser does not know that it is connected.
        yield return new SseItem<string>(Heartbeat.Data, Heartbeat.EventType) { ReconnectionInterval = ReconnectionInterval };

        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        IAsyncEnumerator<JobEvent> events = watch.ReadEventsAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = events.MoveNextAsync().AsTask();
                while (!await EndsInTimeAsync(next).ConfigureAwait(false))
                {
                    yield return Heartbeat;
                }

                if (end.IsCancellationRequested)
                {
                    yield break;
                }

                if (next.Exception?.InnerException is { } error)
                {
                    // The watch has logged it. The browser is told as it is told of every other failure, and comes again.
                    yield return Item(Ended(error));
                    yield break;
                }

                if (!await next.ConfigureAwait(false))
                {
                    yield break;
                }

                yield return Item(events.Current);
            }
        }
        finally
        {
            // An enumerator can be disposed of only when it stands still.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> EndsInTimeAsync(Task next)
    {
        if (!next.IsCompleted)
        {
            await next.WaitAsync(HeartbeatInterval, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return next.IsCompleted;
    }

    private PollFailed Ended(Exception error)
    {
        JobWatchHealth health = watch.Health;
        return new PollFailed
        {
            Poll = health.Polls,
            ObservedAt = timeProvider.GetUtcNow(),
            Error = error,
            Attempt = health.ConsecutiveFailures,
            Delay = ReconnectionInterval,
        };
    }

    private SseItem<string> Item(JobEvent happened)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, JobJson.Options))
        {
            EventJson.Write(json, happened);
        }

        return new SseItem<string>(Encoding.UTF8.GetString(_json.WrittenSpan), EventJson.NameOf(happened));
    }
}
