using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// Runs a benchmark until the runtime has compiled it with full optimization. That takes about thirty calls and 0.1 seconds without new
/// methods, twice, so the duration matters even if a call is short.
/// </summary>
internal static class WarmUp
{
    /// <summary>The duration, except in a trial.</summary>
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
