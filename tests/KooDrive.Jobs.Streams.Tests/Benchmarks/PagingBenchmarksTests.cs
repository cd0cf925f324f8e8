using KooDrive.Jobs.Streams.Benchmarks;

namespace KooDrive.Jobs.Streams.Tests.Benchmarks;

public class PagingBenchmarksTests
{
    [Theory]
    [InlineData(Transport.InMemory)]
    [InlineData(Transport.Loopback)]
    [InlineData(Transport.Emulator)]
    public Task Paging_benchmarks_read_the_whole_list(Transport transport) =>
        BenchmarkRuns.RunAllAsync(new PagingBenchmarks { Transport = transport, Jobs = 250 });

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(10, 4)]
    public async Task ListJobs_reads_the_whole_list_when_jobs_share_a_creation_time(int tieSize, int requests)
    {
        var benchmarks = new TieBenchmarks { TieSize = tieSize, Jobs = 250 };
        benchmarks.SetUp();

        await benchmarks.ListJobs();

        Assert.Equal(requests, benchmarks.Requests);
        benchmarks.CleanUp();
        await BenchmarkRuns.RunAllAsync(benchmarks);
    }

    [Fact]
    public void Benchmark_fails_when_it_reads_other_jobs()
    {
        Tally tally = default(Tally).Add("1320279189273965056").Add("1320279092268104960");

        Assert.Equal(tally, tally.MustBe(tally));
        Assert.Throws<InvalidOperationException>(() => default(Tally).Add("1320279092268104960").Add("1320279189273965056").MustBe(tally));
        Assert.Throws<InvalidOperationException>(() => tally.Add("1320279092268104959").MustBe(tally));
    }
}
