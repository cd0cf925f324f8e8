using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using Microsoft.Extensions.Logging;
using Polly;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Saves the checkpoint of a hosted watch: retried like a handler, and then what the options say.</summary>
internal sealed class CheckpointSaves(IJobCheckpointStore store, HostedJobWatchOptions options, TimeProvider timeProvider, ILogger logger)
{
    private readonly ResiliencePipeline _retries = HandlerRetries.Create(options, timeProvider);
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
        catch (Exception error) when (cancellationToken.IsCancellationRequested)
        {
            // Database clients throw exceptions of their own when they are canceled.
            throw new OperationCanceledException("Saving the checkpoint was interrupted, because the host stops.", error, cancellationToken);
        }
        catch (Exception error) when (_failedChanges is FailedChangeAction.Skip)
        {
            // Whatever the store throws, the user chose to continue.
            CheckpointLog.SaveSkipped(logger, error);
            return false;
        }
        catch (Exception error)
        {
            CheckpointLog.SaveGivenUp(logger, error);
            throw;
        }
    }

    private async ValueTask AttemptAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Each attempt is reported, as the attempts of handlers are.
            CheckpointLog.SaveFailed(logger, error);
            throw;
        }
    }
}
