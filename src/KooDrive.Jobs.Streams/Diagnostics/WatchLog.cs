using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The log messages of a watch.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Polls have been failing since {Since:O} (poll {Poll}). The next poll starts in {DelaySeconds} s.")]
    public static partial void PollsFailing(ILogger logger, DateTimeOffset since, long poll, double delaySeconds, Exception error);

    [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "Poll {Poll} failed with a non-transient error. The subscriptions of the watch end with the error.")]
    public static partial void WatchFailed(ILogger logger, long poll, Exception error);

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "An observer threw an exception and is unsubscribed. The watch and its other observers continue.")]
    public static partial void ObserverDropped(ILogger logger, Exception error);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "A handler of ObserverDropped threw an exception, which is ignored.")]
    public static partial void ReportFailed(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 105,
        Level = LogLevel.Warning,
        Message = "A subscriber is too slow for its buffer of {Capacity} events. Events are dropped until the subscriber has processed the buffer.")]
    public static partial void SubscriberOverflowed(ILogger logger, int capacity);

    [LoggerMessage(EventId = 106, Level = LogLevel.Error, Message = "IsFatal threw an exception. The error that it was called with ends the subscriptions of the watch.")]
    public static partial void PolicyFailed(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 107,
        Level = LogLevel.Warning,
        Message = "Poll {Poll} read {Count} invalid values of the field {Field} as absent. The first job with one is {TaskId}.")]
    public static partial void InvalidField(ILogger logger, long poll, int count, string field, string taskId);

    [LoggerMessage(EventId = 108, Level = LogLevel.Information, Message = "The watch of {Server} started. It polls every {IntervalSeconds} s.")]
    public static partial void Started(ILogger logger, string server, double intervalSeconds);

    [LoggerMessage(EventId = 109, Level = LogLevel.Information, Message = "The watch is synchronized after poll {Poll}: {Unfinished} unfinished jobs.")]
    public static partial void Synced(ILogger logger, long poll, int unfinished);

    [LoggerMessage(EventId = 110, Level = LogLevel.Debug, Message = "Poll {Poll} failed too (consecutive failure {Attempt}): {Error}. The next poll starts in {DelaySeconds} s.")]
    public static partial void PollFailedAgain(ILogger logger, long poll, int attempt, double delaySeconds, string error);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Poll {Poll} succeeded. {Attempts} polls had failed since {Since:O}.")]
    public static partial void Recovered(ILogger logger, long poll, int attempts, DateTimeOffset since);
}
