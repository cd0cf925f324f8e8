using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The log messages of accounts, their recovery and their budget.</summary>
internal static partial class AccountLog
{
    [LoggerMessage(1, LogLevel.Warning, "The watch of {Account} ended with an error. It continues from its checkpoint in {Delay} seconds.")]
    public static partial void WatchEnded(ILogger logger, JobAccount account, double delay, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The sink failed for an event of {Account}. The event is delivered again in {Delay} seconds.")]
    public static partial void SinkFailed(ILogger logger, JobAccount account, double delay, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Another activation of {Account} wrote its state. This activation ends.")]
    public static partial void Fenced(ILogger logger, string account, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "The watch of {Account} could not be {Action}.")]
    public static partial void CallFailed(ILogger logger, string account, string action, Exception exception);

    [LoggerMessage(5, LogLevel.Debug, "The silo of {Account} could not be reported to its bucket.")]
    public static partial void ReportFailed(ILogger logger, string account, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Ping of {Account} failed (retry {Retry}).")]
    public static partial void PingFailed(ILogger logger, string account, int retry, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "Silo {Silo} leaves the cluster ({Status}). Its accounts are recovered.")]
    public static partial void SiloLeaves(ILogger logger, SiloAddress silo, SiloStatus status);

    [LoggerMessage(8, LogLevel.Warning, "Bucket {Bucket} could not be called for recovery (attempt {Attempt}).")]
    public static partial void RecoveryFailed(ILogger logger, long bucket, int attempt, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "The request budget of {Endpoint} could not be renewed. Requests stop when the lease of this silo expires.")]
    public static partial void RenewalFailed(ILogger logger, string endpoint, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "Checkpoints are in memory and are lost with the silo. Add a grain storage named {Name} to keep them.")]
    public static partial void StorageInMemory(ILogger logger, string name);

    [LoggerMessage(11, LogLevel.Debug, "The pause of {Endpoint} could not be sent to the other silos.")]
    public static partial void PauseFailed(ILogger logger, string endpoint, Exception exception);
}
