using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>
/// A part of the list of started accounts. The storage has the accounts; the memory also has their silos, as far as they were reported. Many changes at the same
/// time share one write.
/// </summary>
[KeepAlive]
[Reentrant]
[GrainType("koodrive-account-bucket")]
internal sealed class AccountBucketGrain(
    [PersistentState("accounts", JobWatchGrainDefaults.StorageName)] IPersistentState<AccountBucketState> storage,
    AccountPings pings,
    IOptions<JobWatchGrainOptions> options)
    : Grain, IAccountBucketGrain, IRemindable
{
    private const string ReminderName = "recover";

    private readonly Dictionary<string, SiloAddress?> _silos = new(StringComparer.Ordinal);
    private HashSet<string> _stored = [];
    private bool _hasReminder;
    private Task _write = Task.CompletedTask;
    private Task? _nextWrite;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (string account in storage.State.Accounts)
        {
            _silos[account] = null;
        }

        _stored = [.. storage.State.Accounts];
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AddAsync(string account, SiloAddress silo)
    {
        _silos[account] = silo;
        return _stored.Contains(account) ? Task.CompletedTask : SaveAsync();
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string account) => _silos.Remove(account) || _stored.Contains(account) ? SaveAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public Task ReportAsync(string account, SiloAddress silo)
    {
        if (_silos.ContainsKey(account))
        {
            _silos[account] = silo;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RecoverAsync(SiloAddress? silo)
    {
        foreach ((string account, SiloAddress? current) in _silos)
        {
            if (current is null || current.Equals(silo))
            {
                pings.Add(account);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Pings all accounts, in case a recovery failed or a report was lost.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        foreach (string account in _silos.Keys)
        {
            pings.Add(account);
        }

        return Task.CompletedTask;
    }

    // A write in progress may not contain the last change. All changes until it ends share the next one.
    private Task SaveAsync() => _nextWrite ??= SaveAfterAsync(_write);

    private async Task SaveAfterAsync(Task earlier)
    {
        await Task.Yield();
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _write = _nextWrite!;
        _nextWrite = null;
        string[] accounts = [.. _silos.Keys];
        storage.State.Accounts = accounts;
        try
        {
            await storage.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation wrote. The next activation reads its list, and the callers repeat their changes.
            DeactivateOnIdle();
            throw;
        }

        await KeepReminderAsync(accounts.Length > 0);
        _stored = [.. accounts];
    }

    private async Task KeepReminderAsync(bool hasAccounts)
    {
        if (hasAccounts && !_hasReminder)
        {
            await this.RegisterOrUpdateReminder(ReminderName, options.Value.RecoveryPeriod, options.Value.RecoveryPeriod);
        }
        else if (!hasAccounts && await this.GetReminder(ReminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        _hasReminder = hasAccounts;
    }
}
