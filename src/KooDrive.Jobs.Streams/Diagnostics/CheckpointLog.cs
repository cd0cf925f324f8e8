using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>Every log message about the checkpoint of a hosted watch.</summary>
internal static partial class CheckpointLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "Saving the checkpoint failed.")]
    public static partial void SaveFailed(ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 301,
        Level = LogLevel.Error,
        Message = "The checkpoint was not saved, retries included. The hosted watch continues and saves it after the next poll; after a crash, changes are delivered again.")]
    public static partial void SaveSkipped(ILogger logger, Exception error);

    [LoggerMessage(EventId = 302, Level = LogLevel.Critical, Message = "The checkpoint was not saved, retries included. The hosted watch ends.")]
    public static partial void SaveGivenUp(ILogger logger, Exception error);
}
