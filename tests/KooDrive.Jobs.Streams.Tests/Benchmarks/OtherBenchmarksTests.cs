using KooDrive.Jobs.Streams.Benchmarks;

namespace KooDrive.Jobs.Streams.Tests.Benchmarks;

public class OtherBenchmarksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task PagesInFlight_reads_the_whole_list_with_few_extra_requests(int pagesInFlight)
    {
        var benchmarks = new LatencyBenchmarks { PagesInFlight = pagesInFlight, Pages = 20, Delay = TimeSpan.FromMilliseconds(1) };

        await BenchmarkRuns.RunAllAsync(benchmarks);

        Assert.InRange(benchmarks.ExtraRequests, 0, pagesInFlight - 1);
        Assert.InRange(benchmarks.Connections, 1, pagesInFlight);
    }

    [Fact]
    public Task Enumerator_benchmarks_return_every_job() => BenchmarkRuns.RunAllAsync(new EnumeratorBenchmarks());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Watch_benchmarks_find_every_change(int changedPercent)
    {
        var benchmarks = new WatchBenchmarks { TrackedJobs = 1_000, ChangedPercent = changedPercent };

        await BenchmarkRuns.RunAllAsync(benchmarks);

        Assert.InRange(benchmarks.Requests, 1, changedPercent == 0 ? 1 : 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public Task Event_benchmarks_deliver_every_event_to_every_subscriber(int subscribers) => BenchmarkRuns.RunAllAsync(new EventBenchmarks { Subscribers = subscribers });

    [Fact]
    public Task Start_benchmarks_start_the_command() => BenchmarkRuns.RunAllAsync(new StartBenchmarks());
}
