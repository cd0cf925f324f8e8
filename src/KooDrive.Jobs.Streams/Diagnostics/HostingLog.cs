using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The log messages about the options of a hosted watch.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(
        EventId = 310,
        Level = LogLevel.Error,
        Message = "The reloaded configuration of the watch is invalid and ignored. Correct it before the next start, which fails with it: {Reason}")]
    public static partial void ReloadIgnored(ILogger logger, string reason);
}

/// <summary>The log messages about the checkpoint of a watch.</summary>
internal static partial class CheckpointLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "{Store} failed to save the checkpoint of the hosted watch.")]
    public static partial void SaveFailed(ILogger logger, string store, Exception error);

    [LoggerMessage(
        EventId = 301,
        Level = LogLevel.Error,
        Message = "The checkpoint was not saved, and all retries failed. The hosted watch continues and saves it after the next poll; after a crash, changes are delivered again.")]
    public static partial void SaveSkipped(ILogger logger, Exception error);

    [LoggerMessage(EventId = 302, Level = LogLevel.Critical, Message = "The checkpoint was not saved, and all retries failed. The hosted watch ends. Check the checkpoint store, and restart the host.")]
    public static partial void SaveGivenUp(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 303,
        Level = LogLevel.Warning,
        Message = "{Store} failed to save the checkpoint of the watch. Retry {Retry} of {MaxRetries} starts in {DelaySeconds} s.")]
    public static partial void SaveRetried(ILogger logger, string store, int retry, int maxRetries, double delaySeconds, Exception error);
}

/// <summary>The log messages about the handlers of a hosted watch.</summary>
internal static partial class HandlerLog
{
    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "{Handler} failed to process the event of job {TaskId} of poll {Poll}.")]
    public static partial void Failed(ILogger logger, string handler, string? taskId, long poll, Exception error);

    [LoggerMessage(
        EventId = 202,
        Level = LogLevel.Error,
        Message = "{Handler} failed to process the event of job {TaskId} of poll {Poll} in all attempts. The event is skipped, and the next event is processed.")]
    public static partial void Skipped(ILogger logger, string handler, string? taskId, long poll, Exception error);

    [LoggerMessage(
        EventId = 203,
        Level = LogLevel.Critical,
        Message = "{Handler} failed to process the event of job {TaskId} of poll {Poll} in all attempts. The hosted watch ends, and the checkpoint is not changed.")]
    public static partial void GivenUp(ILogger logger, string handler, string? taskId, long poll, Exception error);
}
