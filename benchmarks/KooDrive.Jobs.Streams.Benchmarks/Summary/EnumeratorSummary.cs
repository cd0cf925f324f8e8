using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 4: nanoseconds and bytes per job of a page that has been read.</summary>
internal static class EnumeratorSummary
{
    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int rounds)
    {
        var benchmarks = new EnumeratorBenchmarks();
        yield return await MeasureAsync("An array", benchmarks, () => Task.FromResult(benchmarks.Array()), rounds);
        yield return await MeasureAsync("The enumerator of `ListJobs`", benchmarks, benchmarks.Enumerator, rounds, maxNanoseconds: 5, maxBytes: 0);
        yield return await MeasureAsync("An `async` iterator", benchmarks, benchmarks.Async_iterator, rounds);
    }

    private static async Task<SummaryRow> MeasureAsync(
        string name, EnumeratorBenchmarks benchmarks, Func<Task<int>> way, int rounds, double? maxNanoseconds = null, double? maxBytes = null)
    {
        List<double> nanoseconds = [], bytes = [];
        for (int round = 0; round < rounds; round++)
        {
            benchmarks.Begin();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            await way();
            nanoseconds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / EnumeratorBenchmarks.Jobs);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)EnumeratorBenchmarks.Jobs);
        }

        return new($"{name}: ns per job; bytes per job", new(Median.Of(nanoseconds), "0.0", maxNanoseconds), new(Median.Of(bytes), "0.0", maxBytes));
    }
}
