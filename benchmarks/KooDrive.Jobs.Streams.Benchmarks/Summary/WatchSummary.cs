using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Group 5: the cost of polls, of tracked jobs and of events.</summary>
internal static class WatchSummary
{
    private const int PollsOfARun = 100;

    public static async IAsyncEnumerable<SummaryRow> MeasureAsync(int[] trackedJobs, int rounds)
    {
        TimeSpan warmUp = rounds > 1 ? WarmUp.Full : TimeSpan.Zero;
        foreach (int tracked in trackedJobs)
        {
            foreach (int percent in new[] { 0, 1 })
            {
                yield return await MeasurePollAsync(tracked, percent, rounds, warmUp);
            }
        }

        IdlePollCost idle = IdleWatches.MeasurePoll(jobs: 100, polls: rounds > 1 ? 20_000 : 100);
        yield return new(
            "A poll of an idle list of 100 jobs: requests; bytes of the response; allocated bytes; microseconds",
            new(idle.Requests, "0.##", atMost: 1),
            new(idle.Bytes, "N0", atMost: 4_096),
            new(idle.Allocated, "N0", atMost: 3_072),
            new(idle.Microseconds, "0", atMost: 50));
        int watches = rounds > 1 ? 500 : 10;
        foreach ((int length, int? retained, int kilobytes) in new[] { (10, 0, 8), (100, 0, 20), (10, default(int?), 10), (100, null, 35) })
        {
            yield return new(
                $"Memory of an idle watch of {length} jobs, {(retained is null ? "default retention" : "no retained jobs")}, in KB",
                new Figure(IdleWatches.MeasureHeap(watches, length, retained) / 1_024, "0.0", atMost: kilobytes));
        }

        int jobs = 10 * trackedJobs[0];
        yield return new("Memory of an unfinished job, in bytes", new Figure(TrackedMemory.OfUnfinished(jobs), "0", atMost: 300));
        yield return new("Memory of a finished job beyond the retained jobs, in bytes", new Figure(TrackedMemory.OfFinished(jobs), "0", atMost: 0));
        foreach (int subscribers in new[] { 1, 100 })
        {
            yield return await MeasureEventAsync(subscribers, rounds, warmUp);
        }
    }

    private static async Task<SummaryRow> MeasurePollAsync(int tracked, int percent, int rounds, TimeSpan warmUp)
    {
        var benchmarks = new WatchBenchmarks { TrackedJobs = tracked, ChangedPercent = percent };
        await benchmarks.SetUpAsync();
        await WarmUp.RunAsync(warmUp, benchmarks.GetPageAsync);
        await WarmUp.RunAsync(warmUp, benchmarks.Poll);
        PairedRuns poll = (await Pairs.MeasureAsync(() => RepeatAsync(benchmarks.GetPageAsync), [() => RepeatAsync(benchmarks.Poll)], rounds))[0];
        double naive = (await Pairs.MeasureAsync(benchmarks.Poll, [benchmarks.Naive], Math.Min(rounds, 5), warmups: 1))[0].Seconds;
        benchmarks.CleanUp();
        bool isLargeAndIdle = tracked == 100_000 && percent == 0;
        return new(
            $"A poll of {tracked:N0} tracked jobs, {percent}% changed: requests; time / `GetPageAsync`; time of the naive way / time; bytes",
            new(benchmarks.Requests, "0.#", atMost: isLargeAndIdle ? 1 : null),
            new(poll.Ratio, atMost: isLargeAndIdle ? 1.2 : tracked == 100_000 ? 20 : null),
            new(naive / (poll.Seconds / PollsOfARun), "0", atLeast: isLargeAndIdle ? 100 : null),
            new(poll.Bytes / PollsOfARun, "N0"));
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
            $"A change to {subscribers} subscribers, including its poll: ns per subscriber; bytes per subscriber",
            new(Median.Of(nanoseconds), "0"),
            new(Median.Of(bytes), "0"));
    }

    private static async Task RepeatAsync(Func<Task<int>> way)
    {
        for (int i = 0; i < PollsOfARun; i++)
        {
            await way();
        }
    }
}
