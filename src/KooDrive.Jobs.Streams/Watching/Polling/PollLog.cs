using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Logs the start of a watch, its synchronization, and the start and the end of each outage: one line each, however long they last.</summary>
/// <param name="logger">The logger.</param>
/// <param name="server">The server, for example <c>drive.example:443</c>.</param>
/// <param name="interval">The interval of the polls.</param>
internal sealed class PollLog(ILogger logger, string server, TimeSpan interval)
{
    private bool _isRunning;
    private (DateTimeOffset Since, Type Error, int Attempts)? _outage;

    public void Begin()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            WatchLog.Started(logger, server, interval.TotalSeconds);
        }
    }

    /// <summary>The polls stop until there is a subscriber, whose start is logged.</summary>
    public void Interrupt() => _isRunning = false;

    public void Succeed(long poll, PollOutcome outcome)
    {
        if (logger.IsEnabled(LogLevel.Information) && outcome.Events.Any(next => next is WatchSynced))
        {
            int unfinished = outcome.Snapshot.Count(job => !job.IsFinished);
            WatchLog.Synced(logger, poll, unfinished);
        }
    }

    public void Recover(long poll)
    {
        if (_outage is { } outage)
        {
            _outage = null;
            WatchLog.Recovered(logger, poll, outage.Attempts, outage.Since);
        }
    }

    /// <summary>Logs the exception of the first failure with its stack trace, and a later one only if its type differs: an outage repeats the same exception.</summary>
    public void Fail(long poll, DateTimeOffset now, int attempt, TimeSpan delay, Exception exception)
    {
        Type error = exception.GetType();
        bool isRepeated = _outage?.Error == error;
        _outage = (_outage?.Since ?? now, error, attempt);
        if (isRepeated)
        {
            // The messages of other exceptions may contain a secret.
            string reason = exception is JobsException ? exception.Message.TrimEnd('.') : error.Name;
            WatchLog.PollFailedAgain(logger, poll, attempt, delay.TotalSeconds, reason);
        }
        else
        {
            WatchLog.PollsFailing(logger, _outage.Value.Since, poll, delay.TotalSeconds, exception);
        }
    }
}
