using KooDrive.Jobs.Streams.Diagnostics;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>
/// Runs the watch of an account outside of its grain, until it is disposed. A watch that ends with an error is replaced after a delay, which continues from the
/// checkpoint. Thread-safe.
/// </summary>
/// <param name="account">The account.</param>
/// <param name="store">The checkpoint in the state of the grain.</param>
/// <param name="services">What all accounts of the silo share.</param>
internal sealed class AccountRun(JobAccount account, IJobCheckpointStore store, AccountServices services) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private volatile JobWatch? _watch;
    private volatile string? _watchError;
    private volatile string? _sinkError;
    private Task _completion = Task.CompletedTask;

    /// <summary>The unfinished jobs of the last poll.</summary>
    public IReadOnlyList<Job> UnfinishedJobs => _watch?.UnfinishedJobs ?? [];

    /// <summary>The health, without the facts that the grain knows.</summary>
    public JobWatchGrainHealth Health
    {
        get
        {
            JobWatchHealth? health = _watch?.Health;
            return new JobWatchGrainHealth
            {
                LastSuccessAt = health?.LastSuccessAt,
                NextPollAt = health?.NextPollAt,
                PollCount = health?.PollCount ?? 0,
                ConsecutiveFailureCount = health?.ConsecutiveFailureCount ?? 0,

                // A successful poll of the next watch clears the error of the previous watch.
                LastError = _sinkError ?? (health?.LastException is { } exception ? Describe(exception) : health?.LastSuccessAt is null ? _watchError : null),
            };
        }
    }

    /// <summary>Starts the watch on the thread pool. Not thread-safe.</summary>
    public void Start() => _completion = Task.Run(RunAsync);

    /// <summary>Ends the watch without waiting for its end. A save of the checkpoint is not retried.</summary>
    public void Cancel() => _end.Cancel();

    /// <summary>Ends the watch and waits until no request is in flight and no event is being delivered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _completion.ConfigureAwait(false);
        _end.Dispose();
    }

    private static string Describe(Exception exception) => exception is JobsException or JobsOptionsException ? exception.Message : exception.GetType().Name;

    private async Task RunAsync()
    {
        services.Budgets.Enter(account.Endpoint);
        var delay = new RetryBackoff(services.Options);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await ProcessAsync(delay).ConfigureAwait(false);
            }
            catch (Exception) when (_end.IsCancellationRequested)
            {
                // Every exception: it is the cancellation, or what was in progress failed during it. The grain has logged a rejected write.
            }
            catch (Exception exception)
            {
                // Every exception: the account, its credential provider or the storage may recover, and there is no caller to report it to.
                _watchError = Describe(exception);
                TimeSpan wait = delay.Next();
                AccountLog.WatchEnded(services.Logger, account, wait.TotalSeconds, exception);
                await Task.Delay(wait, services.TimeProvider, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        services.Budgets.Leave(account.Endpoint);
    }

    private async Task ProcessAsync(RetryBackoff restarts)
    {
        JobsCredential credential = await services.Credentials.GetCredentialAsync(account, _end.Token).ConfigureAwait(false);
        JobWatch watch = services.Clients.Get(account, credential).WatchJobs(services.Options.Watch, services.Watch);
        await using (watch.ConfigureAwait(false))
        {
            _watch = watch;
            try
            {
                await watch.ProcessAsync(DeliverAsync, store, services.Options.Processing, _end.Token).ConfigureAwait(false);
            }
            finally
            {
                _watch = null;
                if (watch.Health.LastSuccessAt is not null)
                {
                    restarts.Reset();
                }
            }
        }
    }

    private async ValueTask DeliverAsync(JobEvent next, CancellationToken cancellationToken)
    {
        var delivered = new AccountJobEvent(account, next);
        RetryBackoff? delay = null;
        while (true)
        {
            try
            {
                await services.Sink.WriteAsync(delivered, cancellationToken).ConfigureAwait(false);
                _sinkError = null;
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A sink may throw any exception. The event must not be lost, so it is delivered again.
                _sinkError = Describe(exception);
                delay ??= new RetryBackoff(services.Options);
                TimeSpan wait = delay.Next();
                AccountLog.SinkFailed(services.Logger, account, wait.TotalSeconds, exception);
                await Task.Delay(wait, services.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
