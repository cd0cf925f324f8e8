namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 6: whole processes of the command.</summary>
internal static class StartSummary
{
    private static readonly string[] Names = ["--help", "list --emulator"];

    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int rounds)
    {
        var benchmarks = new StartBenchmarks();
        PairedRatio[] ratios = await Pairs.MeasureAsync(benchmarks.Nothing, [benchmarks.Help, benchmarks.List_emulator], rounds, warmups: 1);
        foreach ((string name, PairedRatio ratio) in Names.Zip(ratios))
        {
            yield return new($"`koojobs {name}`: time / an empty process; ms", $"{ratio.Ratio:0.0}; {1000 * ratio.Seconds:0}");
        }
    }
}
