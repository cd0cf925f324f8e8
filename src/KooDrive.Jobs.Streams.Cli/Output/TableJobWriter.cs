using System.Buffers;
using System.Globalization;
using System.Text;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>Columns of a fixed width, so that a list of any length streams; as many of them as the terminal has room for.</summary>
internal sealed class TableJobWriter : JobWriter
{
    private const int Gap = 2;

    // The order in which they stand, and how dearly each is held when room is short: 0 is never dropped.
    private static readonly Column[] All =
    [
        new("TASK ID", 19, 0, job => new(job.TaskId, Style.Plain)),
        new("TYPE", 21, 3, job => new(EnumNames<JobType>.Format(job.Type), Style.Plain)),
        new("ACTION", 23, 7, job => new(EnumNames<JobAction>.Format(job.Action), Style.Plain)),
        new("STATUS", 10, 1, job => new(EnumNames<JobStatus>.Format(job.Status), JobStyle.OfStatus(job))),
        new("RESULT", 16, 2, job => new(EnumNames<JobResult>.Format(job.Result), JobStyle.OfResult(job))),
        new("FILES", 5, 4, job => new(job.ContentCount?.ToString(CultureInfo.InvariantCulture) ?? "-", Style.Plain)),
        new("CREATED", 19, 5, job => new(Format(job.CreateTime), Style.Plain)),
        new("TOOK", 8, 6, job => new((job.EndTime - job.BeginTime)?.ToString("c", CultureInfo.InvariantCulture) ?? "-", Style.Plain)),
    ];

    private readonly bool _decorate;
    private readonly Column[] _columns;

    public TableJobWriter(CommandEnvironment environment)
        : base(environment.Output)
    {
        _decorate = environment.DecorateOutput;
        _columns = Fit(environment.OutputIsTerminal ? environment.Width() : int.MaxValue);
    }

    protected override void Format(IReadOnlyList<Job> jobs, IBufferWriter<byte> page)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        AnsiWriter row = Ansi.Create(text, _decorate);
        if (Jobs == 0 && jobs.Count > 0)
        {
            WriteRow(row, column => new(column.Title, new Style(decoration: Decoration.Bold)));
        }

        foreach (Job job in jobs)
        {
            WriteRow(row, column => column.Cell(job));
        }

        CommandEnvironment.Encoding.GetBytes(text.ToString(), page);
    }

    private static Column[] Fit(int width)
    {
        Column[] columns = All;
        while (columns.Length > 2 && columns.Sum(column => column.Width + Gap) - Gap > width)
        {
            int least = columns.Max(column => column.Rank);
            columns = [.. columns.Where(column => column.Rank != least)];
        }

        return columns;
    }

    private static string Format(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";

    private void WriteRow(AnsiWriter row, Func<Column, Cell> cellOf)
    {
        var padding = 0;
        foreach (Column column in _columns)
        {
            Cell cell = cellOf(column);
            string text = PlainText.OneLine(cell.Text);
            row.Write(new string(' ', padding)).Write(text, cell.Style);
            padding = Math.Max(column.Width - text.Length, 0) + Gap;
        }

        row.Write("\n");
    }

    private readonly record struct Cell(string Text, Style Style);

    private sealed record Column(string Title, int Width, int Rank, Func<Job, Cell> Cell);
}
