using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching.Delivery;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>
/// Decides which failed polls end the watch. Before the first success every non-transient error does; afterwards only non-transient errors that
/// persist for <see cref="JobWatchOptions.FatalErrorGracePeriod"/>. <see cref="JobWatchServices.IsFatal"/> replaces both rules.
/// </summary>
/// <remarks>Used by one poll at a time.</remarks>
internal sealed class FatalErrors(TimeSpan gracePeriod, Func<Exception, bool>? isFatal, WatchClock clock, ILogger logger)
{
    private bool _hasSucceeded;
    private TimeSpan? _since;

    /// <summary>Records that a poll and the lookups after it succeeded.</summary>
    public void RecordSuccess()
    {
        _hasSucceeded = true;
        _since = null;
    }

    /// <summary>Records an idle time, so that the failures before and after it are not consecutive.</summary>
    public void Interrupt() => _since = null;

    /// <summary>Whether the failed poll ends the watch.</summary>
    public bool IsFatal(Exception exception) => isFatal is null ? Persists(exception) : IsFatalToUser(isFatal, exception);

    private bool Persists(Exception exception)
    {
        if (exception is JobsException { IsTransient: true })
        {
            _since = null;
            return false;
        }

        TimeSpan now = clock.Elapsed;
        _since ??= now;

        // No later poll of a disposed client succeeds.
        if (_hasSucceeded && exception is not ObjectDisposedException && now - _since < gracePeriod)
        {
            return false;
        }

        // A new subscription ends at its first poll if the error persists.
        _hasSucceeded = false;
        return true;
    }

    private bool IsFatalToUser(Func<Exception, bool> policy, Exception exception)
    {
        try
        {
            return policy(exception);
        }
        catch (Exception policyException)
        {
            // Without a decision the watch cannot continue. Both exceptions are reported.
            WatchLog.PolicyFailed(logger, policyException);
            return true;
        }
    }
}
