using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using KooDrive.Jobs.Streams.Cli.Connections;

namespace KooDrive.Jobs.Streams.Cli.Dashboard;

/// <summary>
/// The Server-Sent Events of one page: the events of every account. All accounts share one connection, because a browser opens at most six connections to a server.
/// </summary>
internal sealed class AccountEventStream(IReadOnlyList<Account> accounts, TimeProvider time)
{
    /// <summary>The maximum time without an event. The page reconnects after 40 seconds without one.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>The time before the browser reconnects, and before a watch that ended starts again.</summary>
    public static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(2);

    // The watches buffer the events of a slow page, and replace them by the current snapshot when the buffer is full.
    private const int Capacity = 64;

    /// <summary>Returns the events until the page disconnects or all watches are disposed.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken disconnected)
    {
        yield return AccountEventJson.Accounts(accounts) with { ReconnectionInterval = ReconnectionInterval };

        using var end = CancellationTokenSource.CreateLinkedTokenSource(disconnected);
        var items = Channel.CreateBounded<SseItem<string>>(Capacity);
        Task reading = ReadAllAsync(items.Writer, end.Token);
        try
        {
            while (true)
            {
                Task<bool> next = items.Reader.WaitToReadAsync(end.Token).AsTask();
                while (!await CompletesBeforeHeartbeatAsync(next))
                {
                    yield return AccountEventJson.Heartbeat;
                }

                if (!await next)
                {
                    yield break;
                }

                while (items.Reader.TryRead(out SseItem<string> item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            await end.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<bool> CompletesBeforeHeartbeatAsync(Task next)
    {
        if (!next.IsCompleted)
        {
            await next.WaitAsync(HeartbeatInterval, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return next.IsCompleted;
    }

    private async Task ReadAllAsync(ChannelWriter<SseItem<string>> items, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(accounts.Select(account => ReadAsync(account, items, cancellationToken)));
        }
        finally
        {
            items.Complete();
        }
    }

    /// <summary>Writes the events of one account until its watch is disposed. An error ends a watch; the next subscription starts it again.</summary>
    private async Task ReadAsync(Account account, ChannelWriter<SseItem<string>> items, CancellationToken cancellationToken)
    {
        while (true)
        {
            await items.WriteAsync(AccountEventJson.Subscribed(account), cancellationToken);
            try
            {
                await foreach (JobEvent jobEvent in ReadEventsAsync(account.Watch, cancellationToken))
                {
                    await items.WriteAsync(AccountEventJson.Event(account, jobEvent), cancellationToken);
                }

                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // For every exception: the watch has logged it, and the page shows it. The other accounts are not affected.
                await items.WriteAsync(AccountEventJson.Event(account, Failed(account.Watch, exception, ReconnectionInterval)), cancellationToken);
            }

            await Task.Delay(ReconnectionInterval, time, cancellationToken);
        }
    }

    // A page that connects while polls fail would otherwise take an outdated snapshot for the current one.
    private async IAsyncEnumerable<JobEvent> ReadEventsAsync(JobWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Read before the subscription starts, because a later failure is delivered as an event.
        if (watch.Health.LastException is { } missed)
        {
            yield return Failed(watch, missed);
        }

        bool isInitialSnapshot = true;
        await foreach (JobEvent jobEvent in watch.ReadEventsAsync(cancellationToken))
        {
            yield return jobEvent;
            if (isInitialSnapshot && jobEvent is WatchSynced)
            {
                isInitialSnapshot = false;
                if (watch.Health.LastException is { } last)
                {
                    yield return Failed(watch, last);
                }
            }
        }
    }

    private PollFailed Failed(JobWatch watch, Exception exception, TimeSpan? delay = null)
    {
        JobWatchHealth health = watch.Health;
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan untilNextPoll = health.NextPollAt - now is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return new PollFailed
        {
            Poll = health.PollCount,
            ObservedAt = now,
            Exception = exception,

            // A poll may have succeeded since the exception was read.
            ConsecutiveFailureCount = Math.Max(health.ConsecutiveFailureCount, 1),
            Delay = delay ?? untilNextPoll,
        };
    }
}
