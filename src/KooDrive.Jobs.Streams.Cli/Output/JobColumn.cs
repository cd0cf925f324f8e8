using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>A column of a table of jobs. The width is fixed, so that a list of any length can be streamed.</summary>
/// <param name="Title">The title.</param>
/// <param name="Width">The width in characters.</param>
/// <param name="Priority">The priority on a narrow terminal. The column with the highest number is dropped first.</param>
/// <param name="Text">Returns the text for a job.</param>
/// <param name="Style">Returns the color for a job; null for no color.</param>
internal sealed record JobColumn(string Title, int Width, int Priority, Func<Job, string> Text, Func<Job, Style>? Style = null)
{
    /// <summary>The number of spaces between two columns.</summary>
    public const int Gap = 2;

    /// <summary>Returns the columns that fit into the width, at least two.</summary>
    public static JobColumn[] Fit(JobColumn[] columns, int width)
    {
        while (columns.Length > 2 && columns.Sum(column => column.Width + Gap) - Gap > width)
        {
            int lowest = columns.Max(column => column.Priority);
            columns = [.. columns.Where(column => column.Priority != lowest)];
        }

        return columns;
    }
}
