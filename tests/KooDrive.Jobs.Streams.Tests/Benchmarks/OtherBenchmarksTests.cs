using KooDrive.Jobs.Streams.Benchmarks;

namespace KooDrive.Jobs.Streams.Tests.Benchmarks;

public class OtherBenchmarksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Pages_in_flight_read_the_whole_list_with_few_requests_too_many_and_keep_their_connections(int pagesInFlight)
    {
        var benchmarks = new LatencyBenchmarks { PagesInFlight = pagesInFlight, Pages = 20, Delay = TimeSpan.FromMilliseconds(1) };

        await BenchmarkRuns.RunAllAsync(benchmarks);

        Assert.InRange(benchmarks.SuperfluousRequests, 0, pagesInFlight - 1);
        Assert.InRange(benchmarks.Connections, 1, pagesInFlight);
    }

    [Fact]
    public Task Every_way_of_enumerating_hands_out_every_job() => BenchmarkRuns.RunAllAsync(new EnumeratorBenchmarks());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_poll_finds_every_change_and_so_does_the_naive_way(int changedPercent)
    {
        var benchmarks = new WatchBenchmarks { KnownJobs = 1_000, ChangedPercent = changedPercent };

        await BenchmarkRuns.RunAllAsync(benchmarks);

        Assert.InRange(benchmarks.Requests, 1, changedPercent == 0 ? 1 : 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public Task Every_subscriber_gets_every_event(int subscribers) => BenchmarkRuns.RunAllAsync(new EventBenchmarks { Subscribers = subscribers });

    [Fact]
    public Task The_command_starts() => BenchmarkRuns.RunAllAsync(new StartBenchmarks());
}
