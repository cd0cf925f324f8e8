using System.Reactive.Concurrency;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching.Polling;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>Saves the checkpoint of a watch, with retries after delays by the scheduler of the watch.</summary>
/// <param name="store">The store of the checkpoint.</param>
/// <param name="options">The number of retries and the delays, validated.</param>
/// <param name="scheduler">The clock of the delays.</param>
/// <param name="logger">The log of the retries.</param>
/// <param name="closed">Canceled when the watch is disposed, which waits for the save.</param>
internal sealed class SaveRetries(
    IJobCheckpointStore store, JobProcessingOptions options, IScheduler scheduler, ILogger logger, CancellationToken closed)
{
    /// <inheritdoc cref="SaveCheckpoint"/>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public async ValueTask<bool> SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        TimeSpan delay = options.SaveRetryDelay;
        for (int retry = 1; ; retry++)
        {
            try
            {
                await store.SaveAsync(checkpoint, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (retry <= options.MaxSaveRetries && !cancellationToken.IsCancellationRequested && !closed.IsCancellationRequested)
            {
                // A store may throw any exception, and the failure may be transient. The exception of the last attempt is not caught.
                CheckpointLog.SaveRetried(logger, store.GetType().Name, retry, options.MaxSaveRetries, delay.TotalSeconds, exception);
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closed);
            using (var wait = new PollWait(scheduler, delay, end.Token))
            {
                await wait.Ended.ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (closed.IsCancellationRequested)
            {
                return false;
            }

            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.MaxSaveRetryDelay.Ticks));
        }
    }
}
