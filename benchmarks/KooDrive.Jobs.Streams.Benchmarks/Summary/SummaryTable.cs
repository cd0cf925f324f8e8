using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The short form of every benchmark: one Markdown table of ratios and goals.</summary>
internal static class SummaryTable
{
    public const string Command = "summary";

    /// <summary>Measures and prints row by row.</summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="isTrial">Whether every benchmark runs with a small input, for a test. The figures are then meaningless.</param>
    public static async Task PrintAsync(TextWriter output, bool isTrial = false)
    {
        long start = Stopwatch.GetTimestamp();
        await output.WriteLineAsync("| what | measured | goal |");
        await output.WriteLineAsync("| --- | --- | --- |");
        foreach (IAsyncEnumerable<SummaryRow> rows in Groups(isTrial))
        {
            await foreach (SummaryRow row in rows)
            {
                await output.WriteLineAsync($"| {row.What} | {row.Measured} | {row.Goal} |");
            }
        }

        await output.WriteLineAsync($"\n{Stopwatch.GetElapsedTime(start).TotalSeconds:0} seconds, {Environment.ProcessorCount} processors, .NET {Environment.Version}.");
    }

    private static IEnumerable<IAsyncEnumerable<SummaryRow>> Groups(bool isTrial)
    {
        yield return PagingSummary.MeasureAsync(jobs: isTrial ? 250 : 100_000, rounds: isTrial ? 1 : 9);
        yield return TieSummary.MeasureAsync(jobs: isTrial ? 250 : 100_000, rounds: isTrial ? 1 : 5);
        yield return LatencySummary.MeasureAsync(pages: isTrial ? 5 : 200, rounds: isTrial ? 1 : 3);
        yield return EnumeratorSummary.MeasureAsync(rounds: isTrial ? 1 : 101);
        yield return WatchSummary.MeasureAsync(trackedJobs: isTrial ? [1_000] : [1_000, 10_000, 100_000], rounds: isTrial ? 1 : 9);
        yield return StartSummary.MeasureAsync(rounds: isTrial ? 1 : 5);
    }
}
