using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging;
using Polly;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Saves the checkpoint of a hosted watch, with its own number of retries, and the delays and the <see cref="FailedChangeAction"/> of handlers.</summary>
internal sealed class CheckpointSaves(IJobCheckpointStore store, HostedJobWatchOptions options, TimeProvider timeProvider, ILogger logger)
{
    private readonly ResiliencePipeline _retries = HandlerRetries.Create(options.MaxSaveRetries, options, timeProvider);
    private readonly FailedChangeAction _failedChanges = options.FailedChangeAction;

    /// <inheritdoc cref="SaveCheckpoint"/>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public async ValueTask<bool> SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await _retries.ExecuteAsync(
                static (call, token) => call.Saves.AttemptAsync(call.Checkpoint, token),
                (Saves: this, Checkpoint: checkpoint),
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            // Database clients throw their own exceptions when they are canceled.
            throw new OperationCanceledException("The save of the checkpoint was canceled because the host is stopping.", exception, cancellationToken);
        }
        catch (Exception exception) when (_failedChanges is FailedChangeAction.Skip)
        {
            // A store may throw any exception, and the user chose to continue.
            CheckpointLog.SaveSkipped(logger, exception);
            return false;
        }
        catch (Exception exception)
        {
            CheckpointLog.SaveGivenUp(logger, exception);
            throw;
        }
    }

    private async ValueTask AttemptAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Each attempt is reported, as the attempts of handlers are.
            CheckpointLog.SaveFailed(logger, store.GetType().Name, exception);
            throw;
        }
    }
}
