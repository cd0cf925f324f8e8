namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 2: the cost of jobs that share a creation time.</summary>
internal static class TieSummary
{
    private static readonly (int TieSize, string Name)[] Lists = [(1, "unique creation times"), (2, "pairs with one creation time"), (10, "ten jobs with one creation time")];

    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int jobs, int rounds)
    {
        foreach ((int tieSize, string name) in Lists)
        {
            var ties = new TieBenchmarks { TieSize = tieSize, Jobs = jobs };
            ties.SetUp();
            PairedRatio[] ratios = await Pairs.MeasureAsync(ties.Floor, [ties.ListJobs], rounds);
            await ties.ListJobs();
            int requests = ties.Requests;
            await ties.ListJobs_8_in_flight();
            int requestsInFlight = ties.Requests;
            ties.CleanUp();
            yield return new(
                $"`ListJobs`, {name}, in memory: time / floor; bytes per job; requests; requests with eight in flight",
                $"{ratios[0].Ratio:0.00}; {ratios[0].Bytes / jobs:0}; {requests}; {requestsInFlight}");
        }
    }
}
