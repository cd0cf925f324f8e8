using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>Every log message of a watch.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Poll {Poll} failed, failure {Attempt} in a row; the next is in {DelaySeconds} s")]
    public static partial void PollFailed(ILogger logger, long poll, int attempt, double delaySeconds, Exception error);

    [LoggerMessage(EventId = 102, Level = LogLevel.Error, Message = "Poll {Poll} failed of something that waiting cannot mend: the watch's subscriptions end")]
    public static partial void WatchFailed(ILogger logger, long poll, Exception error);

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "An observer threw, and is dropped; the watch and the others go on")]
    public static partial void ObserverDropped(ILogger logger, Exception error);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "A handler of ObserverDropped threw")]
    public static partial void ReportFailed(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 105,
        Level = LogLevel.Warning,
        Message = "A subscriber is too slow for its buffer of {Capacity} events: events are left out for it until it has caught up")]
    public static partial void SubscriberOverflowed(ILogger logger, int capacity);

    [LoggerMessage(EventId = 106, Level = LogLevel.Error, Message = "IsFatal threw, so the error that it was asked about ends the watch's subscriptions")]
    public static partial void PolicyFailed(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 107,
        Level = LogLevel.Warning,
        Message = "Poll {Poll} read {Count} invalid values of the field {Field} as absent. The first job with one is {TaskId}.")]
    public static partial void InvalidField(ILogger logger, long poll, int count, string field, string taskId);
}
