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
            PairedRuns[] results = await Pairs.MeasureAsync(paging.Floor, [.. ways.Select(way => way.Run)], rounds);
            string where = transport switch
            {
                Transport.InMemory => "in memory",
                Transport.Loopback => "over loopback",
                _ => "from the emulator",
            };
            foreach ((Way way, PairedRuns runs) in ways.Zip(results))
            {
                yield return new(
                    $"{way.Name}, {where}: time / floor; bytes per job",
                    new(runs.Ratio, atMost: way.MaxRatio),
                    new(runs.Bytes / jobs, "0", atMost: way.MaxBytes));
            }

            yield return new(
                $"Own cost of `ListJobs` / own cost of `GetFromJsonAsync`, {where}",
                new Figure(ResultOf(paging.ListJobs).OwnCostOver(ResultOf(paging.GetFromJsonAsync)), atMost: MaxOwnCost(transport)));
            if (transport is Transport.Loopback)
            {
                PairedRuns resilient = (await Pairs.MeasureAsync(paging.ListJobs, [paging.ListJobs_resilient], rounds))[0];
                yield return new(
                    "`ListJobs`, with the built-in resilience, over loopback: time / `ListJobs` without it", new Figure(resilient.Ratio, atMost: 1.05));
            }

            await paging.CleanUpAsync();

            PairedRuns ResultOf(Func<Task> run) => results[Array.FindIndex(ways, way => way.Run == run)];
        }
    }

    private static double? MaxOwnCost(Transport transport) => transport switch
    {
        Transport.InMemory => 0.16,
        Transport.Loopback => 0.18,
        _ => null,
    };

    private static IEnumerable<Way> Ways(PagingBenchmarks paging)
    {
        bool inMemory = paging.Transport is Transport.InMemory;
        yield return new("The floor itself", paging.Floor);
        yield return inMemory
            ? new("`ListJobs`", paging.ListJobs, MaxRatio: 12, MaxBytes: 176)
            : new("`ListJobs`", paging.ListJobs, MaxRatio: 1.45, MaxBytes: 240);
        yield return new("`ListJobs`, four pages in flight", paging.ListJobs_4_in_flight, MaxRatio: inMemory ? null : 0.95);
        if (!inMemory)
        {
            yield return new("`ListJobs`, with the built-in resilience", paging.ListJobs_resilient, MaxRatio: 1.6);
        }

        yield return new("`ListJobs`, by pages", paging.AsPages);
        yield return new("`GetFromJsonAsync`", paging.GetFromJsonAsync);
        if (paging.Transport is Transport.Emulator)
        {
            // The others are compared over loopback, where the server's time does not hide their time.
            yield break;
        }

        yield return new("`DeserializeAsync`, source-generated", paging.Source_generated);
        yield return new("Refit", paging.Refit);
        yield return new("Azure.Core `AsyncPageable`", paging.Azure_Core);
    }

    private readonly record struct Way(string Name, Func<Task> Run, double? MaxRatio = null, double? MaxBytes = null);
}
