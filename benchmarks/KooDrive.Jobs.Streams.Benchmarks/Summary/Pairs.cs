using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// Compares alternatives with a floor in pairs: the floor runs directly before and after each run, the order of the alternatives is reversed in every other round,
/// and the results are medians over the rounds. On a shared machine only adjacent runs are comparable.
/// </summary>
internal static class Pairs
{
    public static async Task<PairedRuns[]> MeasureAsync(Func<Task> floor, IReadOnlyList<Func<Task>> ways, int rounds, int warmups = 2)
    {
        for (int i = 0; i < warmups; i++)
        {
            await floor();
            foreach (Func<Task> way in ways)
            {
                await way();
            }
        }

        PairedRuns[] runs = [.. ways.Select(_ => new PairedRuns())];
        for (int round = 0; round < rounds; round++)
        {
            IEnumerable<int> order = Enumerable.Range(0, ways.Count);
            Run before = await Run.MeasureAsync(floor);
            foreach (int i in round % 2 == 0 ? order : order.Reverse())
            {
                Run run = await Run.MeasureAsync(ways[i]);
                Run after = await Run.MeasureAsync(floor);
                runs[i].Add(run.Seconds, (before.Seconds + after.Seconds) / 2, run.Bytes);
                before = after;
            }
        }

        return runs;
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
