using System.Collections.Concurrent;
using System.Threading.Channels;
using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>Pings accounts from this silo, a limited number at the same time, until they run on a silo that stays. Thread-safe.</summary>
internal sealed class AccountPings(IGrainFactory grains, IClusterMembershipService membership, ILogger<AccountPings> logger, TimeProvider timeProvider)
{
    private const int WorkerCount = 64;

    // A call to a silo that was lost a moment ago may wait for the response timeout of the cluster otherwise.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // About a minute together, after which the reminder pings again.
    private static readonly TimeSpan[] RetryDelays =
        [.. new[] { 0.2, 0.3, 0.5, 1, 1, 1, 2, 2, 2, 5, 5, 10, 10, 20 }.Select(TimeSpan.FromSeconds)];

    private readonly Channel<string> _accounts = Channel.CreateUnbounded<string>();

    // How often each account was added since its ping started. A ping in flight may reach the activation that is lost a moment later.
    private readonly ConcurrentDictionary<string, int> _pending = new(StringComparer.Ordinal);

    /// <summary>Pings an account soon. While a ping of the account is pending, it is repeated afterwards.</summary>
    public void Add(string account)
    {
        if (_pending.AddOrUpdate(account, 1, static (_, count) => count + 1) == 1)
        {
            _accounts.Writer.TryWrite(account);
        }
    }

    /// <summary>Sends the pings until it is canceled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(_ => WorkAsync(cancellationToken)));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (string account in _accounts.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!await TryEndAsync(account, retry: 0, cancellationToken).ConfigureAwait(false))
                {
                    // Waits outside of the worker, which must not be blocked by an account that cannot start.
                    _ = RetryAsync(account, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops. The other silos ping its accounts.
        }
    }

    private async Task RetryAsync(string account, CancellationToken cancellationToken)
    {
        for (int retry = 1; retry <= RetryDelays.Length; retry++)
        {
            await Task.Delay(RetryDelays[retry - 1], timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested || await TryEndAsync(account, retry, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        _pending.TryRemove(account, out _);
    }

    // Pings an account until a ping succeeds during which the account was not added again.
    private async Task<bool> TryEndAsync(string account, int retry, CancellationToken cancellationToken)
    {
        while (_pending.TryGetValue(account, out int count))
        {
            if (!await TryPingAsync(account, retry, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            if (_pending.TryRemove(KeyValuePair.Create(account, count)))
            {
                break;
            }
        }

        return true;
    }

    private async Task<bool> TryPingAsync(string account, int retry, CancellationToken cancellationToken)
    {
        try
        {
            SiloAddress? silo = await grains.GetGrain<IAccountRecovery>(account).PingAsync()
                .IgnoreLateFailure().WaitAsync(Timeout, timeProvider, cancellationToken).ConfigureAwait(false);
            return silo is null || membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;
        }
        catch (Exception exception)
        {
            // Every exception: calls fail in many ways while silos leave, and the activation of an account fails when the storage does.
            if (!cancellationToken.IsCancellationRequested)
            {
                AccountLog.PingFailed(logger, account, retry, exception);
            }

            return false;
        }
    }
}
