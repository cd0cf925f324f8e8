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

    /// <summary>A poll has succeeded, the lookups after it included.</summary>
    public void Succeed()
    {
        _hasSucceeded = true;
        _since = null;
    }

    /// <summary>No polls follow for some time, so the failures before and after are not consecutive.</summary>
    public void Interrupt() => _since = null;

    /// <summary>Whether the failed poll ends the watch.</summary>
    public bool IsFatal(Exception error) => isFatal is null ? Persists(error) : IsFatalToUser(isFatal, error);

    private bool Persists(Exception error)
    {
        if (error is JobsException { IsTransient: true })
        {
            _since = null;
            return false;
        }

        var now = clock.Elapsed;
        _since ??= now;

        // No later poll of a disposed client succeeds.
        if (_hasSucceeded && error is not ObjectDisposedException && now - _since < gracePeriod)
        {
            return false;
        }

        // A new subscriber learns at the first poll that the error persists.
        _hasSucceeded = false;
        return true;
    }

    private bool IsFatalToUser(Func<Exception, bool> policy, Exception error)
    {
        try
        {
            return policy(error);
        }
        catch (Exception again)
        {
            // Without a decision the watch cannot continue, and the user has to see both errors.
            WatchLog.PolicyFailed(logger, again);
            return true;
        }
    }
}
