using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 5: what polls cost, what is remembered, what an event costs.</summary>
internal static class WatchSummary
{
    private const int PollsOfARun = 100;

    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int[] knownJobs, int rounds)
    {
        TimeSpan warmUp = rounds > 1 ? WarmUp.Full : TimeSpan.Zero;
        foreach (int known in knownJobs)
        {
            foreach (int percent in new[] { 0, 1 })
            {
                yield return await MeasurePollAsync(known, percent, rounds, warmUp, goal: known == 100_000 && percent == 0 ? "1; 1.2; 100" : "");
            }
        }

        int jobs = 10 * knownJobs[0];
        yield return new("Memory of an unfinished job, in bytes", $"{TrackedMemory.OfUnfinished(jobs):0}", "300");
        yield return new("Memory of a finished job beyond those retained, in bytes", $"{TrackedMemory.OfFinished(jobs):0}", "0");
        foreach (int subscribers in new[] { 1, 100 })
        {
            yield return await MeasureEventAsync(subscribers, rounds, warmUp);
        }
    }

    private static async Task<SummaryRow> MeasurePollAsync(int known, int percent, int rounds, TimeSpan warmUp, string goal)
    {
        var benchmarks = new WatchBenchmarks { KnownJobs = known, ChangedPercent = percent };
        await benchmarks.SetUpAsync();
        await WarmUp.RunAsync(warmUp, benchmarks.GetPageAsync);
        await WarmUp.RunAsync(warmUp, benchmarks.Poll);
        PairedRatio poll = (await Pairs.MeasureAsync(() => RepeatAsync(benchmarks.GetPageAsync), [() => RepeatAsync(benchmarks.Poll)], rounds))[0];
        double naive = (await Pairs.MeasureAsync(benchmarks.Poll, [benchmarks.Naive], Math.Min(rounds, 5), warmups: 1))[0].Seconds;
        benchmarks.CleanUp();
        return new(
            $"A poll of {known:N0} known jobs, {percent}% changed: requests; time / `GetPageAsync`; time of the naive way / time; bytes",
            $"{benchmarks.Requests:0.#}; {poll.Ratio:0.00}; {naive / (poll.Seconds / PollsOfARun):0}; {poll.Bytes / PollsOfARun:N0}",
            goal);
    }

    private static async Task<SummaryRow> MeasureEventAsync(int subscribers, int rounds, TimeSpan warmUp)
    {
        var benchmarks = new EventBenchmarks { Subscribers = subscribers };
        benchmarks.SetUp();
        await WarmUp.RunAsync(warmUp, () => Task.FromResult(benchmarks.Deliver()));
        List<double> nanoseconds = [], bytes = [];
        for (int round = 0; round < 10 * rounds; round++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            long delivered = benchmarks.Deliver();
            nanoseconds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / delivered);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)delivered);
        }

        benchmarks.CleanUp();
        return new(
            $"A change to {subscribers} subscribers, its poll included: ns for each; bytes for each", $"{Median.Of(nanoseconds):0}; {Median.Of(bytes):0}");
    }

    private static async Task RepeatAsync(Func<Task<int>> way)
    {
        for (int i = 0; i < PollsOfARun; i++)
        {
            await way();
        }
    }
}
