using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// Compares alternatives with a floor in pairs: the floor runs directly before and after each run, and the result is the median of the
/// ratios. On a shared machine only adjacent runs are comparable.
/// </summary>
internal static class Pairs
{
    public static async Task<PairedRatio[]> MeasureAsync(Func<Task> floor, IReadOnlyList<Func<Task>> ways, int rounds, int warmups = 2)
    {
        for (int i = 0; i < warmups; i++)
        {
            await floor();
            foreach (Func<Task> way in ways)
            {
                await way();
            }
        }

        List<PairedRatio>[] runs = ways.Select(_ => new List<PairedRatio>()).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            Run before = await Run.MeasureAsync(floor);
            for (int i = 0; i < ways.Count; i++)
            {
                Run run = await Run.MeasureAsync(ways[i]);
                Run after = await Run.MeasureAsync(floor);
                runs[i].Add(new PairedRatio(run.Seconds / ((before.Seconds + after.Seconds) / 2), run.Seconds, run.Bytes));
                before = after;
            }
        }

        return [.. runs.Select(of => new PairedRatio(
            Median.Of(of.Select(run => run.Ratio)), Median.Of(of.Select(run => run.Seconds)), Median.Of(of.Select(run => run.Bytes))))];
    }

    private readonly record struct Run(double Seconds, long Bytes)
    {
        public static async Task<Run> MeasureAsync(Func<Task> way)
        {
            GC.Collect();
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            await way();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return new Run(seconds, GC.GetTotalAllocatedBytes(precise: true) - bytes);
        }
    }
}

/// <summary>The medians of the runs of an alternative.</summary>
/// <param name="Ratio">The time divided by the time of the floor.</param>
/// <param name="Seconds">The time in seconds.</param>
/// <param name="Bytes">The allocated bytes.</param>
internal readonly record struct PairedRatio(double Ratio, double Seconds, double Bytes);
