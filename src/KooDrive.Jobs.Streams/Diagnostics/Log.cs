using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>Every log message of the library. None holds a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Retry {Retry} of the page at offset {Offset} in {DelaySeconds} s: {Reason}")]
    public static partial void Retrying(ILogger logger, long? offset, int retry, double delaySeconds, string reason);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Information,
        Message = "The credential was refused for the page at offset {Offset}; trying once more with a renewed one")]
    public static partial void RenewingCredential(ILogger logger, long offset);

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Warning,
        Message = "The server's clock is {AheadSeconds} s ahead of this machine's; X-Date is corrected by that and the page at offset {Offset} asked for once more")]
    public static partial void ClockCorrected(ILogger logger, double aheadSeconds, long offset);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "The server refused the page at offset {Offset} for good: {Reason}")]
    public static partial void RequestRejected(ILogger logger, long offset, string reason);

    [LoggerMessage(
        EventId = 5,
        Level = LogLevel.Warning,
        Message = "The page at offset {Offset} is not asked for again: the client's retries (RetryBudget) are spent until the server answers. {Reason}")]
    public static partial void RetryBudgetExhausted(ILogger logger, long? offset, string reason);

    [LoggerMessage(
        EventId = 400,
        Level = LogLevel.Warning,
        Message = "The server requested a pause of {RetryAfterSeconds} s (Retry-After). All requests of this client wait {PauseSeconds} s.")]
    public static partial void Paused(ILogger logger, double pauseSeconds, double retryAfterSeconds);

    [LoggerMessage(
        EventId = 401,
        Level = LogLevel.Warning,
        Message = "The field {Field} of {Count} jobs on the page at offset {Offset} has an invalid value and is read as absent. The first of the jobs is {TaskId}.")]
    public static partial void InvalidField(ILogger logger, string field, int count, long offset, string taskId);
}
