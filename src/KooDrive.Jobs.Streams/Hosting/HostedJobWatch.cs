using System.Runtime.ExceptionServices;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Hosting;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Runs a watch with its handlers while the host runs, and reports its errors to the host.</summary>
/// <param name="create">Creates the parts. Called at the start, because hosts create their services before they validate the options.</param>
/// <param name="state">Records the exception that ends the watch.</param>
internal sealed class HostedJobWatch(
    Func<(JobWatch Watch, HandlerCalls Handlers, IJobCheckpointStore? Store, SaveCheckpoint Save)> create, HostedJobWatchState state)
    : BackgroundService, IHostedLifecycleService
{
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _handlersMayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Subscribes before other hosted services start, because a watch with a checkpoint must subscribe first.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => SubscribeAsync(cancellationToken);

    /// <summary>Starts the calls of the handlers, because the services registered before this service have started.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A host without lifecycle events has not called StartingAsync.
        await SubscribeAsync(cancellationToken).ConfigureAwait(false);
        _handlersMayStart.TrySetResult();
    }

    /// <summary>
    /// Stops, and throws the error with which the watch has ended. The host only logs that error when it stops because of it, and the process would end with the
    /// exit code of success; thrown here, the error ends <c>RunAsync</c> too.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (ExecuteTask is { IsCompletedSuccessfully: false } && state.Exception is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            (JobWatch watch, HandlerCalls handlers, IJobCheckpointStore? store, SaveCheckpoint save) = create();
            if (store is not null)
            {
                await watch.ProcessAsync(HandleAsync, store, save, () => _subscribed.TrySetResult(), stoppingToken).ConfigureAwait(false);
                return;
            }

            // ProcessAsync subscribes before it returns.
            Task processing = watch.ProcessAsync(HandleAsync, stoppingToken);
            _subscribed.TrySetResult();
            await processing.ConfigureAwait(false);

            async ValueTask HandleAsync(JobEvent next, CancellationToken cancellationToken)
            {
                await _handlersMayStart.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                await handlers.CallAsync(next, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Every exception is recorded for the health check, because a host may continue without its handlers; not when the host stops.
            state.Exception = stoppingToken.IsCancellationRequested ? null : exception;

            // Before the subscription, the start of the host fails, for example because of a damaged checkpoint; after the subscription, this task fails.
            if (!_subscribed.TrySetException(exception))
            {
                throw;
            }
        }
    }

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is null)
        {
            await base.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        await _subscribed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>The outcome of a hosted watch, for its health check. One instance for each service key.</summary>
internal sealed class HostedJobWatchState
{
    private volatile Exception? _exception;

    /// <summary>The exception that ended the calls of the handlers; null while the watch runs and after a stop of the host.</summary>
    public Exception? Exception
    {
        get => _exception;
        set => _exception = value;
    }
}
