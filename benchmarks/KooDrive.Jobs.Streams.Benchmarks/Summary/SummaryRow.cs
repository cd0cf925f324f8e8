namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A row of the table: what was measured, the figures and their goals.</summary>
internal readonly record struct SummaryRow(string What, params Figure[] Figures)
{
    public string Measured => string.Join("; ", Figures.Select(figure => figure.Text));

    /// <summary>The goals of the figures, in their order; empty if there is none.</summary>
    public string Goal => Array.TrueForAll(Figures, figure => figure.Goal.Length == 0)
        ? ""
        : string.Join("; ", Figures.Select(figure => figure.Goal.Length == 0 ? "-" : figure.Goal));
}
