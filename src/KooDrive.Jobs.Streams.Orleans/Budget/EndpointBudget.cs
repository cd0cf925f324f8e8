using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Budget;

/// <summary>The share of this silo in the request budget of an endpoint: renews its lease while the silo has accounts. Thread-safe.</summary>
internal sealed class EndpointBudget : IPauseObserver, IAsyncDisposable
{
    private readonly Uri _endpoint;
    private readonly EndpointBudgetServices _services;
    private readonly CancellationTokenSource _end = new();
    private volatile TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _renewal;
    private int _accountCount;

    public EndpointBudget(Uri endpoint, EndpointBudgetServices services)
    {
        _endpoint = endpoint;
        _services = services;
        Limiter = new LeasedRateLimiter(services.TimeProvider);
        if (services.Options.MaxRequestsPerSecond is null)
        {
            // Without a limit, the budget only distributes pauses, and its loss does not stop requests.
            Limiter.SetLease(double.PositiveInfinity, TimeSpan.MaxValue);
        }

        _renewal = Task.Run(() => RenewAsync(_end.Token));
    }

    /// <summary>Limits the requests of all clients of the endpoint.</summary>
    public LeasedRateLimiter Limiter { get; }

    /// <summary>Notes that an account started.</summary>
    public void Enter()
    {
        if (Interlocked.Increment(ref _accountCount) == 1)
        {
            _entered.TrySetResult();
        }
    }

    /// <summary>Notes that an account stopped.</summary>
    public void Leave() => Interlocked.Decrement(ref _accountCount);

    /// <summary>Pauses the requests of this silo, and of the others through the budget.</summary>
    public void PauseCluster(TimeSpan retryAfter)
    {
        TimeSpan pause = Bounded(retryAfter);
        Limiter.Pause(pause);
        _ = SendPauseAsync(pause);
    }

    /// <inheritdoc/>
    public Task PauseAsync(TimeSpan pause)
    {
        Limiter.Pause(Bounded(pause));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(false);
        await Limiter.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
    }

    private TimeSpan Bounded(TimeSpan pause) => pause < _services.Options.Client.MaxRetryDelay ? pause : _services.Options.Client.MaxRetryDelay;

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            IPauseObserver self = _services.Grains.CreateObjectReference<IPauseObserver>(this);
            IRequestBudgetGrain budget = _services.Grains.GetGrain<IRequestBudgetGrain>(_endpoint.AbsoluteUri);
            TimeSpan interval = _services.Options.BudgetLeaseDuration / 2;
            while (true)
            {
                var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _entered = entered;
                int accountCount = Volatile.Read(ref _accountCount);
                if (accountCount > 0)
                {
                    await TryRenewAsync(budget, self, accountCount, cancellationToken).ConfigureAwait(false);
                }

                // Ends early when the first account starts.
                await Task.WhenAny(entered.Task, Task.Delay(interval, _services.TimeProvider, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task TryRenewAsync(IRequestBudgetGrain budget, IPauseObserver self, int accountCount, CancellationToken cancellationToken)
    {
        try
        {
            // The budget counts from when it receives the request, which is later: the lease ends here first.
            TimeSpan sentAt = Limiter.Now;
            TimeSpan duration = _services.Options.BudgetLeaseDuration;
            BudgetLease lease = await budget.LeaseAsync(_services.Silo, accountCount, self)
                .IgnoreLateFailure().WaitAsync(duration, _services.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (lease.PauseRemaining > TimeSpan.Zero)
            {
                Limiter.Pause(Bounded(lease.PauseRemaining));
            }

            if (lease.Rate is { } rate && !double.IsPositiveInfinity(rate))
            {
                Limiter.SetLease(rate, sentAt + duration);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Every exception: calls fail in many ways while silos leave. The lease expires, and the next renewal is soon.
            AccountLog.RenewalFailed(_services.Logger, _endpoint.AbsoluteUri, exception);
        }
    }

    private async Task SendPauseAsync(TimeSpan pause)
    {
        try
        {
            await _services.Grains.GetGrain<IRequestBudgetGrain>(_endpoint.AbsoluteUri).PauseAsync(pause).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Every exception, as for a renewal. Each silo also receives the 429 responses of its own requests.
            AccountLog.PauseFailed(_services.Logger, _endpoint.AbsoluteUri, exception);
        }
    }
}

/// <summary>What the budgets of a silo share.</summary>
internal sealed record EndpointBudgetServices(JobWatchGrainOptions Options, IGrainFactory Grains, SiloAddress Silo, ILogger Logger, TimeProvider TimeProvider);
