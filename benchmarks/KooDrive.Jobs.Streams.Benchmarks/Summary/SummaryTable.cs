namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The short form of every benchmark: one table of ratios with the goal beside each, in Markdown.</summary>
internal static class SummaryTable
{
    public const string Command = "summary";

    public static async Task PrintAsync()
    {
        Console.WriteLine("| what | measured | goal |");
        Console.WriteLine("| --- | --- | --- |");
        await PrintAsync(PagingSummary.MeasureAsync(jobs: 100_000, rounds: 7));
    }

    private static async Task PrintAsync(IAsyncEnumerable<SummaryRow> rows)
    {
        await foreach (SummaryRow row in rows)
        {
            Console.WriteLine($"| {row.What} | {row.Measured} | {row.Goal} |");
        }
    }
}
