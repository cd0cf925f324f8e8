using System.Runtime.ExceptionServices;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using Microsoft.Extensions.Hosting;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Runs a watch with its handlers while the host runs. What it fails of is the host's to deal with.</summary>
/// <param name="create">Makes its parts. Called when it starts, because hosts make their services before they have checked the options.</param>
/// <param name="state">Told what it fails of.</param>
internal sealed class HostedJobWatch(
    Func<(JobWatch Watch, HandlerCalls Handlers, IJobCheckpointStore? Store, SaveCheckpoint Save)> create, HostedJobWatchState state)
    : BackgroundService, IHostedLifecycleService
{
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Subscribes before other hosted services start, because a watch with a checkpoint must come before other subscribers.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => SubscribeAsync(cancellationToken);

    /// <summary>From here on handlers are called: the services that stand before this one have started.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A host that knows no lifecycle has not called what comes before.
        await SubscribeAsync(cancellationToken).ConfigureAwait(false);
        _turn.TrySetResult();
    }

    /// <summary>
    /// Stops, and throws the error with which the watch has ended. The host only logs that error when it stops because of it, and the process would end with the
    /// exit code of success; thrown here, the error ends <c>RunAsync</c> too.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (ExecuteTask is { IsCompletedSuccessfully: false } && state.Fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
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

            // That subscribes before it returns.
            Task processing = watch.ProcessAsync(HandleAsync, stoppingToken);
            _subscribed.TrySetResult();
            await processing.ConfigureAwait(false);

            async ValueTask HandleAsync(JobEvent next, CancellationToken cancellationToken)
            {
                await _turn.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                await handlers.CallAsync(next, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            // Whatever it is: a host may go on without its handlers, and the health check is to say so. That they end when the host stops is no fault.
            state.Fault = stoppingToken.IsCancellationRequested ? null : error;

            // Whoever starts the host is told: a damaged checkpoint, for instance. Once it has started, the host is.
            if (!_subscribed.TrySetException(error))
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
