using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>Every log message about the options of a hosted watch.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(
        EventId = 310,
        Level = LogLevel.Error,
        Message = "The reloaded configuration of the watch is invalid and ignored. Correct it before the next start, which fails with it: {Reason}")]
    public static partial void ReloadIgnored(ILogger logger, string reason);
}
