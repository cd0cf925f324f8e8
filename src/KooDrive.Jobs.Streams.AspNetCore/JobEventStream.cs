using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.AspNetCore;

/// <summary>A subscription of one connection: the events of a watch as they go over the wire, and something in between while none come.</summary>
internal sealed class JobEventStream(JobWatch watch, TimeProvider timeProvider, CancellationToken stopping)
{
    /// <summary>Proxies give up on a connection after a minute, some after half of one.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long a browser waits before it comes again.</summary>
    public static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(2);

    /// <summary>No event of the watch, and nothing that a page listens for.</summary>
    private static readonly SseItem<string> Heartbeat = new("{}", "heartbeat");

    // As ASP.NET Core writes its responses: an event goes into no HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new(1024);

    /// <summary>Reads until the client is gone, the application stops or the watch ends.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken gone)
    {
        // The first poll may take its time, and until something is sent the browser does not know that it is connected.
        yield return new SseItem<string>(Heartbeat.Data, Heartbeat.EventType) { ReconnectionInterval = ReconnectionInterval };

        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);

        // Asked before subscribing, because a failure after that is told as an event.
        Exception? missed = watch.Health.LastException;
        IAsyncEnumerator<JobEvent> events = watch.ReadEventsAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> next = events.MoveNextAsync().AsTask();
        try
        {
            // Whoever comes between two polls has not heard that the last one failed, and would take an old picture for the present one.
            if (missed is not null)
            {
                yield return Item(Failed(missed));
            }

            for (bool isFirstPicture = true; ; next = events.MoveNextAsync().AsTask())
            {
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
                    yield return Item(Failed(error, ReconnectionInterval));
                    yield break;
                }

                if (!await next.ConfigureAwait(false))
                {
                    yield break;
                }

                yield return Item(events.Current);
                if (isFirstPicture && events.Current is WatchSynced)
                {
                    isFirstPicture = false;
                    if (watch.Health.LastException is { } last)
                    {
                        yield return Item(Failed(last));
                    }
                }
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

    /// <summary>The failure as of now, for one who did not hear of it when it came.</summary>
    /// <param name="error">What failed.</param>
    /// <param name="delay">How long until the next try; null for the watch's own next poll.</param>
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
            Attempt = Math.Max(health.ConsecutiveFailureCount, 1),
            Delay = delay ?? untilNextPoll,
        };
    }

    private SseItem<string> Item(JobEvent happened)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, Readable))
        {
            JsonSerializer.Serialize(json, happened, JobsJsonContext.Default.JobEvent);
        }

        return new SseItem<string>(Encoding.UTF8.GetString(_json.WrittenSpan), happened.Kind.ToWireName());
    }
}
