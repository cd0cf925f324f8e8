using System.Buffers;
using System.Globalization;
using System.Text;
using KooDrive.Jobs.Streams.Cli.Execution;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writes a table with as many columns as fit. The widths are fixed, so that a list of any length can be streamed.</summary>
internal sealed class TableJobWriter : JobWriter
{
    private readonly bool _hasColor;
    private readonly JobColumn[] _columns;

    public TableJobWriter(CommandEnvironment environment)
        : base(environment.Output)
    {
        _hasColor = environment.OutputHasColor;
        _columns = JobColumn.Fit(All(environment.Time.LocalTimeZone), environment.OutputIsTerminal ? environment.Width() : int.MaxValue);
    }

    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        AnsiWriter row = Ansi.Create(text, isLive: _hasColor, _hasColor);
        if (JobCount == 0 && jobs.Count > 0)
        {
            WriteRow(row, column => (column.Title, new Style(decoration: Decoration.Bold)));
        }

        foreach (Job job in jobs)
        {
            WriteRow(row, column => (column.Text(job), column.Style?.Invoke(job) ?? Style.Plain));
        }

        CommandEnvironment.Encoding.GetBytes(text.ToString(), page);
    }

    // From left to right.
    private static JobColumn[] All(TimeZoneInfo zone) =>
    [
        new("TASK ID", 19, 0, job => job.TaskId),
        new("TYPE", 21, 3, job => EnumNames<JobType>.Format(job.Type)),
        new("ACTION", 23, 7, job => EnumNames<JobAction>.Format(job.Action)),
        new("STATUS", 10, 1, job => EnumNames<JobStatus>.Format(job.Status), JobStyle.OfStatus),
        new("RESULT", 16, 2, job => EnumNames<JobResult>.Format(job.Result), JobStyle.OfResult),
        new("FILES", 5, 4, job => job.ContentCount?.ToString(CultureInfo.InvariantCulture) ?? "-"),
        new("CREATED", 19, 5, job => job.CreateTime is { } created ? LocalTime.DateAndTime(created, zone) : "-"),
        new("TOOK", 8, 6, job => (job.EndTime - job.BeginTime)?.ToString("c", CultureInfo.InvariantCulture) ?? "-"),
    ];

    private void WriteRow(AnsiWriter row, Func<JobColumn, (string Text, Style Style)> cellOf)
    {
        int padding = 0;
        foreach (JobColumn column in _columns)
        {
            (string text, Style style) = cellOf(column);
            string line = PlainText.OneLine(text);
            row.Write(new string(' ', padding)).Write(line, style);
            padding = Math.Max(column.Width - line.Length, 0) + JobColumn.Gap;
        }

        row.Write("\n");
    }
}
