namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 6: whole processes of the command.</summary>
internal static class StartSummary
{
    private static readonly string[] Names = ["--help", "list --emulator"];

    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int rounds)
    {
        var benchmarks = new StartBenchmarks();
        PairedRuns[] results = await Pairs.MeasureAsync(benchmarks.Nothing, [benchmarks.Help, benchmarks.List_emulator], rounds, warmups: 1);
        foreach ((string name, PairedRuns runs) in Names.Zip(results))
        {
            yield return new($"`koojobs {name}`: time / an empty process; ms", new(runs.Ratio, "0.0"), new(1000 * runs.Seconds, "0"));
        }
    }
}
