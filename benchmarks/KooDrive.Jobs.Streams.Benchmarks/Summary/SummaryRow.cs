using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A row of the table: the measured quantity, the result and the goal.</summary>
internal readonly record struct SummaryRow(string What, string Measured, string Goal = "")
{
    public SummaryRow(string what, FormattableString measured, string goal = "")
        : this(what, measured.ToString(CultureInfo.InvariantCulture), goal)
    {
    }
}
