using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.AspNetCore;

/// <summary>The Server-Sent Events of one connection: the events of a watch, and heartbeats while there are no events.</summary>
internal sealed class JobEventStream(JobWatch watch, TimeProvider timeProvider, CancellationToken stopping)
{
    /// <summary>The maximum time without an event. Proxies close an idle connection after 60 seconds, some after 30.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>The time before a browser reconnects.</summary>
    public static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(2);

    /// <summary>An event that pages ignore.</summary>
    private static readonly SseItem<string> Heartbeat = new("{}", "heartbeat");

    // The same escaping as in JSON responses of ASP.NET Core, because events are not part of HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new(1024);

    /// <summary>Returns the events until the client disconnects, the application stops or the watch ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken disconnected)
    {
        // The first poll may take long, and the browser does not detect the connection before it receives data.
        yield return new SseItem<string>(Heartbeat.Data, Heartbeat.EventType) { ReconnectionInterval = ReconnectionInterval };

        using var end = CancellationTokenSource.CreateLinkedTokenSource(disconnected, stopping);

        // Read before the subscription starts, because a later failure is delivered as an event.
        Exception? missed = watch.Health.LastException;
        IAsyncEnumerator<JobEvent> events = watch.ReadEventsAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> next = events.MoveNextAsync().AsTask();
        try
        {
            // A client that connects after a failed poll would otherwise take an outdated snapshot for the current one.
            if (missed is not null)
            {
                yield return Item(Failed(missed));
            }

            for (bool isInitialSnapshot = true; ; next = events.MoveNextAsync().AsTask())
            {
                while (!await CompletesBeforeHeartbeatAsync(next).ConfigureAwait(false))
                {
                    yield return Heartbeat;
                }

                if (end.IsCancellationRequested)
                {
                    yield break;
                }

                if (next.Exception?.InnerException is { } error)
                {
                    // The watch has logged the error. The browser receives it like every other failure and reconnects.
                    yield return Item(Failed(error, ReconnectionInterval));
                    yield break;
                }

                if (!await next.ConfigureAwait(false))
                {
                    yield break;
                }

                yield return Item(events.Current);
                if (isInitialSnapshot && events.Current is WatchSynced)
                {
                    isInitialSnapshot = false;
                    if (watch.Health.LastException is { } last)
                    {
                        yield return Item(Failed(last));
                    }
                }
            }
        }
        finally
        {
            // An enumerator must not be disposed while MoveNextAsync is in progress.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> CompletesBeforeHeartbeatAsync(Task next)
    {
        if (!next.IsCompleted)
        {
            await next.WaitAsync(HeartbeatInterval, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return next.IsCompleted;
    }

    /// <summary>Creates an event for a client that has not received the original event of the failure.</summary>
    /// <param name="error">The exception of the failed poll.</param>
    /// <param name="delay">The time until the retry; null for the next poll of the watch.</param>
    private PollFailed Failed(Exception error, TimeSpan? delay = null)
    {
        JobWatchHealth health = watch.Health;
        DateTimeOffset now = timeProvider.GetUtcNow();
        TimeSpan untilNextPoll = health.NextPollAt - now is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return new PollFailed
        {
            Poll = health.PollCount,
            ObservedAt = now,
            Exception = error,

            // A poll may have succeeded since the error was read.
            ConsecutiveFailureCount = Math.Max(health.ConsecutiveFailureCount, 1),
            Delay = delay ?? untilNextPoll,
        };
    }

    private SseItem<string> Item(JobEvent jobEvent)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, Readable))
        {
            JsonSerializer.Serialize(json, jobEvent, JobsJsonContext.Default.JobEvent);
        }

        return new SseItem<string>(Encoding.UTF8.GetString(_json.WrittenSpan), jobEvent.Kind.ToWireName());
    }
}
