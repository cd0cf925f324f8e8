namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The runs of an alternative, each with the floor directly before and after it.</summary>
internal sealed class PairedRuns
{
    private readonly List<(double Seconds, double Floor, double Bytes)> _runs = [];

    /// <summary>The time divided by the time of the floor.</summary>
    public double Ratio => Median.Of(_runs.Select(run => run.Seconds / run.Floor));

    /// <summary>The time in seconds.</summary>
    public double Seconds => Median.Of(_runs.Select(run => run.Seconds));

    /// <summary>The allocated bytes.</summary>
    public double Bytes => Median.Of(_runs.Select(run => run.Bytes));

    public void Add(double seconds, double floor, double bytes) => _runs.Add((seconds, floor, bytes));

    /// <summary>Returns the time beyond the floor, divided by that of another alternative with the same floor.</summary>
    public double OwnCostOver(PairedRuns other) => (Ratio - 1) / (other.Ratio - 1);
}
