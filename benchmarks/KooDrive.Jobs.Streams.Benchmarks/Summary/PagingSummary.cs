namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 1: every way of paging, in memory and over loopback, compared with the floor.</summary>
internal static class PagingSummary
{
    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int jobs, int rounds)
    {
        foreach (Transport transport in Enum.GetValues<Transport>())
        {
            var paging = new PagingBenchmarks { Transport = transport, Jobs = jobs };
            await paging.SetUpAsync();
            Way[] ways = [.. Ways(paging)];
            PairedRatio[] ratios = await Pairs.MeasureAsync(paging.Floor, [.. ways.Select(way => way.Run)], rounds);
            await paging.CleanUpAsync();
            string where = transport switch
            {
                Transport.InMemory => "in memory",
                Transport.Loopback => "over loopback",
                _ => "from the emulator",
            };
            foreach ((Way way, PairedRatio ratio) in ways.Zip(ratios))
            {
                yield return new($"{way.Name}, {where}: time / floor; bytes per job", $"{ratio.Ratio:0.00}; {ratio.Bytes / jobs:0}", way.Goal);
            }
        }
    }

    private static IEnumerable<Way> Ways(PagingBenchmarks paging)
    {
        bool inMemory = paging.Transport is Transport.InMemory;
        yield return new("The floor itself", paging.Floor, "1");
        yield return new("`ListJobs`", paging.ListJobs, inMemory ? "12" : "1.45; 240");
        yield return new("`ListJobs`, four pages in flight", paging.ListJobs_4_in_flight, inMemory ? "" : "1.0");
        if (!inMemory)
        {
            yield return new("`ListJobs`, with the built-in resilience", paging.ListJobs_resilient, "1.6");
        }

        yield return new("`ListJobs`, by pages", paging.AsPages, "");
        yield return new("`GetFromJsonAsync`", paging.GetFromJsonAsync, "");
        if (paging.Transport is Transport.Emulator)
        {
            // The others are compared over loopback, where the server's time does not hide their time.
            yield break;
        }

        yield return new("`DeserializeAsync`, source-generated", paging.Source_generated, "");
        yield return new("Refit", paging.Refit, "");
        yield return new("Azure.Core `AsyncPageable`", paging.Azure_Core, "");
    }

    private readonly record struct Way(string Name, Func<Task> Run, string Goal);
}
