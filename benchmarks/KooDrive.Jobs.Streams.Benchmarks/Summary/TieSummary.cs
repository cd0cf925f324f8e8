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
            PairedRuns[] runs = await Pairs.MeasureAsync(ties.Floor, [ties.ListJobs], rounds);
            await ties.ListJobs();
            int requests = ties.Requests;
            await ties.ListJobs_8_in_flight();
            int requestsInFlight = ties.Requests;
            ties.CleanUp();
            yield return new(
                $"`ListJobs`, {name}, in memory: time / floor; bytes per job; requests; requests with eight in flight",
                runs[0].Ratio, new(runs[0].Bytes / jobs, "0"), new(requests, "0"), new(requestsInFlight, "0"));
        }
    }
}
