using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The log messages of requests. None contains a credential.</summary>
internal static partial class Log
{
    // At Debug: the caller receives the failure if no retry succeeds, and an outage would otherwise log a line for each attempt.
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "The page at offset {Offset} failed and is retried in {DelaySeconds} s (retry {Retry}): {Reason}")]
    public static partial void Retrying(ILogger logger, long? offset, int retry, double delaySeconds, string reason);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Information,
        Message = "The server rejected the credentials of the page at offset {Offset}. The page is retried once with renewed credentials.")]
    public static partial void RenewingCredential(ILogger logger, long offset);

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Warning,
        Message = "The clock of the server is {AheadSeconds} s ahead of the clock of this machine. X-Date is corrected, and the page at offset {Offset} is retried.")]
    public static partial void ClockCorrected(ILogger logger, double aheadSeconds, long offset);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "The server rejected the page at offset {Offset}, which is not retried: {Reason}")]
    public static partial void RequestRejected(ILogger logger, long offset, string reason);

    [LoggerMessage(
        EventId = 5,
        Level = LogLevel.Warning,
        Message = "The page at offset {Offset} failed and is not retried, because the retry budget of the client (RetryBudget) is empty: {Reason}")]
    public static partial void RetryBudgetExhausted(ILogger logger, long? offset, string reason);

    [LoggerMessage(
        EventId = 400,
        Level = LogLevel.Warning,
        Message = "The server requested a pause of {RetryAfterSeconds} s (Retry-After). All requests that share the budget wait {PauseSeconds} s.")]
    public static partial void Paused(ILogger logger, double pauseSeconds, double retryAfterSeconds);

    [LoggerMessage(EventId = 402, Level = LogLevel.Error, Message = "JobsClientServices.OnPaused threw an exception, which has no effect on the request.")]
    public static partial void PauseCallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 401,
        Level = LogLevel.Warning,
        Message = "The field {Field} of {Count} jobs on the page at offset {Offset} has an invalid value and is read as absent. The first of the jobs is {TaskId}.")]
    public static partial void InvalidField(ILogger logger, string field, int count, long offset, string taskId);
}
