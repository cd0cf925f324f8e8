using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>
/// Recovers the accounts of silos that leave the cluster: when a silo shuts down, and when it is declared dead. At the start of this silo, accounts whose silo
/// is not known are recovered too, which are those of a cluster that was down.
/// </summary>
internal sealed class MembershipWatch(
    IClusterMembershipService membership, AccountBuckets buckets, AccountPings pings, ILogger<MembershipWatch> logger, TimeProvider timeProvider)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int MaxAttempts = 20;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.5);

    // As for pings.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private Task _completion = Task.CompletedTask;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        lifecycle.Subscribe(nameof(MembershipWatch), ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _completion = Task.WhenAll(
            Task.Run(() => WatchAsync(_end.Token), CancellationToken.None), Task.Run(() => pings.RunAsync(_end.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        _ = RecoverAsync(leaving: null, cancellationToken);
        ClusterMembershipSnapshot last = membership.CurrentSnapshot;
        try
        {
            await foreach (ClusterMembershipSnapshot next in membership.MembershipUpdates.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (SiloAddress leaving in FindLeaving(last, next))
                {
                    SiloStatus status = next.GetSiloStatus(leaving);
                    AccountLog.SiloLeaves(logger, leaving, status);
                    _ = RecoverAsync(leaving, cancellationToken);
                }

                last = next;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    /// <summary>Returns the silos that started to leave, or have left, between two snapshots.</summary>
    internal static IEnumerable<SiloAddress> FindLeaving(ClusterMembershipSnapshot last, ClusterMembershipSnapshot next) => next.Members.Keys
        .Concat(last.Members.Keys.Where(silo => !next.Members.ContainsKey(silo)))
        .Where(silo => IsLeaving(next.GetSiloStatus(silo)) && last.GetSiloStatus(silo) != next.GetSiloStatus(silo));

    private static bool IsLeaving(SiloStatus status) => status is SiloStatus.ShuttingDown or SiloStatus.Stopping or SiloStatus.Dead;

    private Task RecoverAsync(SiloAddress? leaving, CancellationToken cancellationToken) =>
        Task.WhenAll(buckets.All.Select(bucket => RecoverAsync(bucket, leaving, cancellationToken)));

    private async Task RecoverAsync(IAccountBucketGrain bucket, SiloAddress? leaving, CancellationToken cancellationToken)
    {
        long number = bucket.GetPrimaryKeyLong();
        for (int attempt = 1; attempt <= MaxAttempts && !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await bucket.RecoverAsync(leaving).IgnoreLateFailure().WaitAsync(Timeout, timeProvider, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                // Every exception: calls fail in many ways while silos leave. The reminder of the bucket recovers the accounts too.
                if (!cancellationToken.IsCancellationRequested)
                {
                    AccountLog.RecoveryFailed(logger, number, attempt, exception);
                }
            }

            await Task.Delay(RetryDelay, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
