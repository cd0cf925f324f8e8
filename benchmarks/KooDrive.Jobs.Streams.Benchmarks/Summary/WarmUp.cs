using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// Runs what is to be measured until the runtime has compiled it for good: that takes some thirty calls, a tenth of a second without new
/// methods, and the same again, so it is a matter of time, however short a call is.
/// </summary>
internal static class WarmUp
{
    /// <summary>How long, unless everything is run small.</summary>
    public static readonly TimeSpan Full = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(TimeSpan duration, Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            await run();
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
    }
}
