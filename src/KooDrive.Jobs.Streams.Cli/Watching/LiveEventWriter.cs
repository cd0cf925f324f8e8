using System.Globalization;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>On a terminal: a line a change, and beneath them a table of the unfinished jobs that is drawn anew with each.</summary>
internal sealed class LiveEventWriter(CommandEnvironment environment, UnfinishedJobs unfinished) : EventWriter(environment.Output)
{
    private static readonly Style Title = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(decoration: Decoration.Dim);

    // The order in which they stand.
    private static readonly JobColumn[] Columns =
    [
        new("TASK ID", 19, 0, job => job.TaskId),
        new("TYPE", 21, 3, job => EnumNames<JobType>.Format(job.Type)),
        new("STATUS", 10, 1, job => EnumNames<JobStatus>.Format(job.Status)),
        new("DONE", 5, 2, job => job.Progress is { } done ? string.Create(CultureInfo.InvariantCulture, $"{done} %") : "-"),
        new("CREATED", 8, 4, job => job.CreateTime?.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "-"),
    ];

    private int _drawnLines;
    private bool _isSynced;
    private PollCompleted? _lastPoll;

    public override ValueTask WriteAsync(JobEvent happened)
    {
        _isSynced |= happened is WatchSynced;
        _lastPoll = happened as PollCompleted ?? _lastPoll;
        var line = EventText.Describe(happened, unfinished.Count, Width());

        // The first picture may be long: until it is complete nothing is drawn for each of its jobs.
        return line is null && happened is not PollCompleted ? ValueTask.CompletedTask : DrawAsync(line, withTable: true);
    }

    public override async ValueTask NoteAsync(TextWriter error, string text)
    {
        await DrawAsync(line: null, withTable: false);
        await base.NoteAsync(error, text);
        await DrawAsync(line: null, withTable: true);
    }

    public override ValueTask CompleteAsync() => DrawAsync(line: null, withTable: false);

    private ValueTask DrawAsync((string Text, Style Style)? line, bool withTable)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        AnsiWriter ansi = Ansi.Create(text, decorate: true);
        if (_drawnLines > 0)
        {
            ansi.CursorUp(_drawnLines).CursorHorizontalAbsolute(1).EraseInDisplay(0);
        }

        if (line is { } news)
        {
            ansi.Write(news.Text, news.Style).Write("\n");
        }

        _drawnLines = withTable && _isSynced ? DrawTable(ansi, Width()) : 0;
        return WriteAsync(text.ToString());
    }

    // A character in the last column makes some terminals begin a new line.
    private int Width() => Math.Max(environment.Width() - 1, 20);

    private int DrawTable(AnsiWriter ansi, int width)
    {
        int rows = Math.Min(unfinished.Count, Math.Max(environment.Height() / 2, 3));
        JobColumn[] columns = JobColumn.Fit(Columns, width);
        Write(Row(columns, column => column.Title), Title);
        foreach (Job job in unfinished.All.Skip(unfinished.Count - rows))
        {
            Write(Row(columns, column => column.Text(job)), JobStyle.OfStatus(job));
        }

        Write(Summary(rows, width), Quiet);
        return rows + 2;

        // A row that took two lines would be left behind when the table is drawn anew.
        void Write(string text, Style style) => ansi.Write(text[..Math.Min(text.Length, width)], style).Write("\n");
    }

    private string Summary(int rows, int width)
    {
        string summary = string.Create(CultureInfo.InvariantCulture, $"{unfinished.Count:N0} unfinished");
        string more = unfinished.Count > rows ? $", the {rows} newest shown" : "";
        string poll = _lastPoll is { } last ? $"; poll {last.Poll}, {last.Requests} {(last.Requests == 1 ? "request" : "requests")}" : "";
        foreach (string part in (string[])[more, poll])
        {
            summary += summary.Length + part.Length <= width ? part : "";
        }

        return summary;
    }

    private static string Row(JobColumn[] columns, Func<JobColumn, string> textOf) => string.Join(
        new string(' ', JobColumn.Gap),
        columns.Select(column => PlainText.OneLine(textOf(column)).PadRight(column.Width))).TrimEnd();
}
