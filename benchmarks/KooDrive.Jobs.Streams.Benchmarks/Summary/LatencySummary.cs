using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 3: the effect of pages in flight on the latency of a server.</summary>
internal static class LatencySummary
{
    private static readonly int[] InFlight = [1, 2, 4, 8, 16];

    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int pages, int rounds)
    {
        LatencyBenchmarks[] benchmarks = [.. InFlight.Select(inFlight => new LatencyBenchmarks { PagesInFlight = inFlight, Pages = pages })];
        foreach (LatencyBenchmarks benchmark in benchmarks)
        {
            await benchmark.SetUpAsync();
            if (benchmark.PagesInFlight > 1)
            {
                // Opens the connections.
                await benchmark.ListJobs();
            }
        }

        double[][] seconds = new double[rounds][];
        for (int round = 0; round < rounds; round++)
        {
            seconds[round] = new double[benchmarks.Length];
            for (int i = 0; i < benchmarks.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await benchmarks[i].ListJobs();
                seconds[round][i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        for (int i = 1; i < benchmarks.Length; i++)
        {
            LatencyBenchmarks benchmark = benchmarks[i];
            double speedUp = Median.Of(seconds.Select(round => round[0] / round[i]));
            yield return new(
                $"{benchmark.PagesInFlight} pages in flight at 20 ms: time of one / time; extra requests; connections in {rounds + 1} walks",
                new(speedUp, atLeast: benchmark.PagesInFlight == 8 ? 7.4 : null),
                new(benchmark.ExtraRequests, "0", atMost: benchmark.PagesInFlight == 8 ? 7 : null),
                new(benchmark.Connections, "0", atMost: benchmark.PagesInFlight == 8 ? 8 : null));
        }

        foreach (LatencyBenchmarks benchmark in benchmarks)
        {
            await benchmark.CleanUpAsync();
        }
    }
}
