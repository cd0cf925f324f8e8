using KooDrive.Jobs.Streams.Benchmarks;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>W9: the cost of an idle poll and of an idle watch. Measures the heap of the process, so no other test runs at the same time.</summary>
[CollectionDefinition(nameof(IdlePollTests), DisableParallelization = true)]
[Collection(nameof(IdlePollTests))]
public class IdlePollTests
{
#if DEBUG
    // Asynchronous methods allocate their state in debug builds.
    private const int MaxAllocated = 5_200;
#else
    private const int MaxAllocated = 3_072;
#endif

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Poll_reads_and_allocates_few_bytes_when_the_account_is_idle(int jobs)
    {
        IdlePollCost cost = IdleWatches.MeasurePoll(jobs, polls: 300);

        TestContext.Current.TestOutputHelper?.WriteLine($"{cost}");
        Assert.Equal(1, cost.Requests);
        Assert.InRange(cost.Bytes, 1, 4_000);
        Assert.InRange(cost.Allocated, 1, MaxAllocated);
    }

    [Theory]
    [InlineData(10, 0, 8)]
    [InlineData(100, 0, 20)]
    [InlineData(10, null, 10)]
    [InlineData(100, null, 35)]
    public void Watch_retains_few_bytes_when_the_account_is_idle(int jobs, int? retained, int kilobytes)
    {
        double bytes = IdleWatches.MeasureHeap(100, jobs, retained);

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:N0} bytes");

        // A tenth more than the goal, because other memory of the process may be released or needed meanwhile.
        Assert.InRange(bytes, 1, 1_024 * kilobytes * 1.1);
    }
}
