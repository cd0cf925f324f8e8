using KooDrive.Jobs.Streams.Benchmarks;

namespace KooDrive.Jobs.Streams.Tests.Benchmarks;

public class SummaryTableTests
{
    [Fact]
    public async Task PrintAsync_prints_a_row_for_every_benchmark()
    {
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
    }
}
