using KooDrive.Jobs.Streams.Benchmarks;

namespace KooDrive.Jobs.Streams.Tests.Benchmarks;

public class SummaryTableTests
{
    [Fact]
    public async Task PrintAsync_prints_a_row_for_every_benchmark()
    {
        LongTests.SkipUnlessEnabled();
        var output = new StringWriter();

        await SummaryTable.PrintAsync(output, isTrial: true);

        string[] rows = output.ToString().Split('\n').Where(line => line.StartsWith('|')).ToArray();
        Assert.All(rows, row => Assert.Equal(4, row.Count(letter => letter == '|')));
        Assert.Contains(rows, row => row.StartsWith("| Refit, over loopback", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| `ListJobs`, from the emulator", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| `ListJobs`, ten jobs with one creation time", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| 16 pages in flight", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| The enumerator", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| A poll of 1,000 tracked jobs, 1% changed", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| `koojobs list --emulator`", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| Own cost of `ListJobs` / own cost of `GetFromJsonAsync`, over loopback", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains("resilience, over loopback: time / `ListJobs` without it", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("| Memory of an idle watch of 100 jobs, default retention", StringComparison.Ordinal));
    }

    [Fact]
    public void Row_marks_the_figures_that_miss_their_goals()
    {
        var row = new SummaryRow("a; b; c; d", new(1.204, atMost: 1.2), new(1.21, atMost: 1.2), new(99, "0", atLeast: 100), 7);

        Assert.Equal("1.20; 1.21; 99; 7.00", row.Measured);
        Assert.Equal("≤ 1.2; ≤ 1.2 (misses); ≥ 100 (misses); -", row.Goal);
    }

    [Fact]
    public void OwnCostOver_compares_the_times_beyond_the_floor()
    {
        PairedRuns one = new(), other = new();
        foreach (double floor in new[] { 1, 10, 100 })
        {
            one.Add(seconds: floor + (0.25 * floor), floor, bytes: 0);
            other.Add(seconds: floor + floor, floor, bytes: 0);
        }

        Assert.Equal(0.25, one.OwnCostOver(other), precision: 9);
    }
}
