using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A line of the table: what was measured, what came out, and what should.</summary>
internal readonly record struct SummaryRow(string What, string Measured, string Goal = "")
{
    public SummaryRow(string what, FormattableString measured, string goal = "")
        : this(what, measured.ToString(CultureInfo.InvariantCulture), goal)
    {
    }
}
