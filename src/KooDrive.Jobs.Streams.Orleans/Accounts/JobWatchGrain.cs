using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Recovery;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>
/// The activation of an account: records whether the watch is started, runs it, and writes its checkpoints. A write that the storage rejects because another
/// activation wrote ends this activation.
/// </summary>
/// <remarks>The accounts cost about the same, so they are spread evenly, even when many of them start before the silos know each other's load.</remarks>
[KeepAlive]
[RandomPlacement]
[GrainType("koodrive-job-watch")]
internal sealed class JobWatchGrain(
    [PersistentState("watch", JobWatchGrainDefaults.StorageName)] IPersistentState<JobWatchState> storage,
    AccountRunFactory runs,
    AccountBuckets buckets,
    AccountPings pings,
    ILocalSiloDetails silo,
    ILogger<JobWatchGrain> logger) : Grain, IJobWatchGrain, IAccountRecovery
{
    private AccountRun? _run;
    private Task _lastWrite = Task.CompletedTask;
    private int _writeCount;

    private JobWatchState State => storage.State;

    private string Key => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (storage.State.IsStarted)
        {
            // From here on, the storage rejects the writes of an activation that does not know yet that its silo has left the cluster.
            storage.State.Activation++;
            await WriteAsync();
            StartRun();

            // Not awaited: the bucket may be on a silo that was lost a moment ago, and the watch must not wait for it.
            _ = ReportAsync();
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await StopRunAsync().WaitAsync(cancellationToken);
        }
        finally
        {
            if (storage.State.IsStarted)
            {
                // The watch continues elsewhere, or here if the silo stays. If the silo is stopping, the other silos do the same.
                pings.Add(Key);
            }
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync()
    {
        if (_run is not null)
        {
            return;
        }

        CheckKey();
        try
        {
            // The bucket first: an account that it lists without need costs a ping, an account that it does not list would not be recovered.
            await buckets.Get(Key).AddAsync(Key, silo.SiloAddress);
            storage.State.IsStarted = true;
            storage.State.Activation++;
            await WriteAsync();
        }
        catch (Exception exception)
        {
            // Every exception: the storage of the cluster is not known here, and most exceptions do not reach another process.
            throw Failed("started", exception);
        }

        StartRun();
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        CheckKey();
        try
        {
            await StopRunAsync();
            if (storage.State.IsStarted)
            {
                storage.State.IsStarted = false;
                await WriteAsync();
            }

            await buckets.Get(Key).RemoveAsync(Key);
        }
        catch (Exception exception)
        {
            // As in StartAsync.
            throw Failed("stopped", exception);
        }

        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Job>> GetUnfinishedJobsAsync()
    {
        EndIfStopped();
        return Task.FromResult<IReadOnlyList<Job>>(_run is null ? [] : [.. _run.UnfinishedJobs]);
    }

    /// <inheritdoc/>
    public Task<JobWatchGrainHealth> GetHealthAsync()
    {
        EndIfStopped();
        JobWatchGrainHealth health = _run?.Health ?? new JobWatchGrainHealth();
        return Task.FromResult(health with { IsStarted = storage.State.IsStarted, Silo = silo.SiloAddress.ToString() });
    }

    /// <inheritdoc/>
    public Task<SiloAddress?> PingAsync()
    {
        EndIfStopped();
        return Task.FromResult(_run is null ? null : silo.SiloAddress);
    }

    // Activations are kept alive, but a call to a stopped watch needs none afterwards.
    private void EndIfStopped()
    {
        if (_run is null)
        {
            DeactivateOnIdle();
        }
    }

    // Two keys of the same account would be two watches, and a started watch whose key is not an account would fail forever. The key may contain a secret.
    private void CheckKey()
    {
        try
        {
            if (JobAccount.Parse(Key).ToString() == Key)
            {
                return;
            }
        }
        catch (FormatException)
        {
            // As for the key of the account in another spelling.
        }

        DeactivateOnIdle();
        throw new JobWatchGrainException(
            $"The key of the grain is not the text of an account. Use {nameof(JobWatchGrainFactoryExtensions.GetJobWatch)} of the grain factory.");
    }

    private void StartRun() => _run = runs.Start(JobAccount.Parse(Key), new GrainCheckpointStore(this, TaskScheduler.Current));

    private async Task StopRunAsync()
    {
        if (_run is { } run)
        {
            _run = null;
            await run.DisposeAsync();
        }
    }

    private async Task ReportAsync()
    {
        try
        {
            await buckets.Get(Key).ReportAsync(Key, silo.SiloAddress);
        }
        catch (Exception exception)
        {
            // Every exception: the bucket does not know the silo of the account then, and pings the account more often than necessary.
            AccountLog.ReportFailed(logger, Key, exception);
        }
    }

    private JobWatchGrainException Failed(string action, Exception exception)
    {
        // It is not known whether the storage has the new state. The next activation reads it.
        AccountLog.CallFailed(logger, Key, action, exception);
        DeactivateOnIdle();
        return new JobWatchGrainException(
            $"The watch could not be {action}, because of a {exception.GetBaseException().GetType().Name} on silo {silo.SiloAddress}. Call again; the log of the silo has the details.");
    }

    // Calls interleave with saves of the checkpoint. Two writes at the same time would reject each other.
    private Task WriteAsync() => _lastWrite = WriteAfterAsync(_lastWrite);

    private async Task WriteAfterAsync(Task earlier)
    {
        _writeCount++;
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await storage.WriteStateAsync();
        }
        catch (InconsistentStateException exception)
        {
            AccountLog.Fenced(logger, Key, exception);
            _run?.Cancel();
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            if (--_writeCount == 0)
            {
                // An idle account keeps no task.
                _lastWrite = Task.CompletedTask;
            }
        }
    }

    /// <summary>The checkpoint of the watch in the state of the grain. The watch calls it outside of the grain.</summary>
    private sealed class GrainCheckpointStore(JobWatchGrain grain, TaskScheduler scheduler) : IJobCheckpointStore
    {
        public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken) => new(RunAsync(
            () => Task.FromResult(grain.State.Checkpoint is { } checkpoint ? new ReadOnlyMemory<byte>(checkpoint) : (ReadOnlyMemory<byte>?)null), cancellationToken));

        public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => new(RunAsync(
            async () =>
            {
                grain.State.Checkpoint = checkpoint.ToArray();
                await grain.WriteAsync();
                return true;
            },
            cancellationToken));

        public override string ToString() => "the state of the grain";

        private Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken) =>
            Task.Factory.StartNew(action, cancellationToken, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }
}
