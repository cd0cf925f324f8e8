using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>Every log message about the handlers of a hosted watch.</summary>
internal static partial class HandlerLog
{
    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "{Handler} failed at job {TaskId} of poll {Poll}")]
    public static partial void Failed(ILogger logger, string handler, string? taskId, long poll, Exception error);

    [LoggerMessage(
        EventId = 202,
        Level = LogLevel.Error,
        Message = "{Handler} did not succeed at job {TaskId} of poll {Poll}, retries included: the event is skipped, and the next event is processed")]
    public static partial void Skipped(ILogger logger, string handler, string? taskId, long poll, Exception error);

    [LoggerMessage(
        EventId = 203,
        Level = LogLevel.Critical,
        Message = "{Handler} did not succeed at job {TaskId} of poll {Poll}, retries included: the hosted watch ends, and the checkpoint stays where it was")]
    public static partial void GivenUp(ILogger logger, string handler, string? taskId, long poll, Exception error);
}
