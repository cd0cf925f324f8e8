using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>A column of a table of jobs. It has a fixed width, so that a list of any length streams.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Width">How wide it is, in characters.</param>
/// <param name="Rank">How dearly it is held when room is short: 0 is never dropped, the highest first.</param>
/// <param name="Text">What it says of a job.</param>
/// <param name="Style">The colour of that; null for none.</param>
internal sealed record JobColumn(string Title, int Width, int Rank, Func<Job, string> Text, Func<Job, Style>? Style = null)
{
    /// <summary>The space between two columns.</summary>
    public const int Gap = 2;

    /// <summary>Those columns that there is room for, two at least.</summary>
    public static JobColumn[] Fit(JobColumn[] columns, int width)
    {
        while (columns.Length > 2 && columns.Sum(column => column.Width + Gap) - Gap > width)
        {
            int least = columns.Max(column => column.Rank);
            columns = [.. columns.Where(column => column.Rank != least)];
        }

        return columns;
    }
}
