using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

/// <summary>Jobs of the emulator with times before the current time.</summary>
internal static class EmulatedTimes
{
    /// <summary>Creates a job that ended some time ago.</summary>
    public static EmulatedJob Ended(TimeSpan age, TimeSpan duration, int result = 1, int type = 1) => new()
    {
        TaskType = type,
        Status = 2,
        TaskResultCode = result,
        ResultCode = result == 1 ? null : 13000311,
        ContentNum = 12,
        CreateTime = Before(age + duration + TimeSpan.FromSeconds(3)),
        BeginTime = Before(age + duration),
        EndTime = Before(age),
    };

    /// <summary>Creates a job that is being processed and was created some time ago.</summary>
    public static EmulatedJob Running(TimeSpan age, int type = 1, int? progress = null) => new()
    {
        TaskType = type,
        Status = 1,
        Progress = progress,
        ContentNum = 12,
        CreateTime = Before(age),
        BeginTime = Before(age - TimeSpan.FromSeconds(1)),
    };

    private static string Before(TimeSpan age) => (DateTime.UtcNow - age).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
