using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Writes one line per change to a terminal, and a table of the unfinished jobs below, which is redrawn after each event.</summary>
internal sealed class LiveEventWriter : EventWriter
{
    // More lines than a terminal shows.
    private const int MaxLines = 200;

    private static readonly Style Title = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(decoration: Decoration.Dim);

    private readonly CommandEnvironment _environment;
    private readonly UnfinishedJobs _unfinished;
    private readonly Func<IReadOnlyList<Job>> _currentJobs;
    private readonly JobColumn[] _columns;
    private readonly IDisposable _resizes;

    // The most recent lines, for a redraw. Each is formatted for the terminal's width at the time of the redraw.
    private readonly Queue<Func<int, (string Text, Style Style)>> _recent = new();
    private readonly Lock _lock = new();
    private Task _lastDrawing = Task.CompletedTask;
    private Dictionary<string, int?> _progress = [];

    // A copy, because the session applies the next event while a resize is drawn.
    private Job[] _newest = [];
    private int _count;
    private (int Width, int Height) _size;
    private int _drawnLines;
    private bool _isSynced;
    private PollCompleted? _lastPoll;

    /// <param name="environment">The terminal.</param>
    /// <param name="unfinished">The unfinished jobs as of the event that is being written.</param>
    /// <param name="currentJobs">Returns the unfinished jobs as the watch last observed them.</param>
    public LiveEventWriter(CommandEnvironment environment, UnfinishedJobs unfinished, Func<IReadOnlyList<Job>> currentJobs)
        : base(environment.Output)
    {
        _environment = environment;
        _unfinished = unfinished;
        _currentJobs = currentJobs;
        _columns = Columns(environment.Time.LocalTimeZone);
        _resizes = environment.OnResize(() => _ = RunInOrderAsync(RedrawAsync));
    }

    public override ValueTask WriteAsync(JobEvent jobEvent) => new(RunInOrderAsync(() => WriteInOrderAsync(jobEvent)));

    public override ValueTask NoteAsync(TextWriter error, string text) => new(RunInOrderAsync(async () =>
    {
        await DrawAsync(line: null, withTable: false);
        await base.NoteAsync(error, text);
        if (_environment.ErrorIsTerminal)
        {
            AddRecent(_ => (text, Style.Plain));
        }

        await DrawAsync(line: null, withTable: true);
    }));

    public override ValueTask CompleteAsync()
    {
        _resizes.Dispose();
        return new(RunInOrderAsync(() => DrawAsync(line: null, withTable: false)));
    }

    // Resizes are reported on another thread than events.
    private Task RunInOrderAsync(Func<Task> draw)
    {
        lock (_lock)
        {
            return _lastDrawing = RunAsync(_lastDrawing, draw);
        }

        static async Task RunAsync(Task previous, Func<Task> draw)
        {
            // Each caller observes the exception of its own drawing. If the output of a redraw fails, the output of the next event fails too.
            await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await draw();
        }
    }

    private async Task WriteInOrderAsync(JobEvent jobEvent)
    {
        _isSynced |= jobEvent is WatchSynced;
        if (jobEvent is PollCompleted completed)
        {
            _lastPoll = completed;

            // Progress is not an event: the watch has the last known value.
            _progress = _currentJobs().ToDictionary(job => job.TaskId, job => job.Progress);
        }

        int unfinished = _unfinished.Count;
        (string, Style)? Describe(int width) => EventText.Describe(jobEvent, unfinished, width, _environment.Time.LocalTimeZone);
        (string, Style)? line = Describe(Width());
        if (line is not null)
        {
            AddRecent(width => Describe(width)!.Value);
        }

        // The initial snapshot may be long, so its jobs are not drawn until it is complete.
        if (line is not null || jobEvent is PollCompleted)
        {
            _newest = [.. _unfinished.All.Skip(unfinished - MaxLines)];
            _count = unfinished;
            await DrawAsync(line, withTable: true);
        }
    }

    private Task RedrawAsync() => _drawnLines > 0 ? DrawAsync(line: null, withTable: true) : Task.CompletedTask;

    private void AddRecent(Func<int, (string Text, Style Style)> line)
    {
        _recent.Enqueue(line);
        if (_recent.Count > MaxLines)
        {
            _recent.Dequeue();
        }
    }

    private async Task DrawAsync((string Text, Style Style)? line, bool withTable)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        AnsiWriter ansi = Ansi.Create(text, isLive: true, _environment.OutputHasColor);
        (int, int) size = (_environment.Width(), _environment.Height());
        int tableLines = withTable && _isSynced ? TableRows() + 2 : 0;
        if (_drawnLines > 0 && size != _size)
        {
            // A terminal may or may not have rewrapped the lines of the table to the new width, so the whole screen is erased.
            ansi.CursorHome().EraseInDisplay(2);
            foreach ((string recent, Style style) in RecentLines(_environment.Height() - tableLines - 1))
            {
                ansi.Write(recent, style).Write("\n");
            }
        }
        else
        {
            if (_drawnLines > 0)
            {
                ansi.CursorUp(_drawnLines).CursorHorizontalAbsolute(1).EraseInDisplay(0);
            }

            if (line is { } added)
            {
                ansi.Write(added.Text, added.Style).Write("\n");
            }
        }

        if (tableLines > 0)
        {
            DrawTable(ansi, Width());
        }

        (_size, _drawnLines) = (size, tableLines);
        await WriteAsync(text.ToString());
    }

    /// <summary>Returns the most recent lines that fit into the specified height, oldest first.</summary>
    private IEnumerable<(string Text, Style Style)> RecentLines(int height)
    {
        int width = _environment.Width();
        return _recent.Reverse().Select(line => line(Width())).TakeWhile(line => (height -= LinesOf(line.Text, width)) >= 0).Reverse();
    }

    private static int LinesOf(string text, int width) => text.Split('\n').Sum(line => Math.Max(1, (line.Length + width - 1) / width));

    // Some terminals start a new line after a character in the last column.
    private int Width() => Math.Max(_environment.Width() - 1, 20);

    // The titles, the summary and the line of the cursor need three lines.
    private int TableRows()
    {
        int height = _environment.Height();
        return Math.Min(_newest.Length, Math.Max(1, Math.Min(Math.Max(height / 2, 3), height - 3)));
    }

    // From left to right.
    private JobColumn[] Columns(TimeZoneInfo zone) =>
    [
        new("TASK ID", 19, 0, job => job.TaskId),
        new("TYPE", 21, 3, job => EnumNames<JobType>.Format(job.Type)),
        new("STATUS", 10, 1, job => EnumNames<JobStatus>.Format(job.Status)),
        new("DONE", 5, 2, Progress),
        new("CREATED", 8, 4, job => job.CreateTime is { } created ? LocalTime.Time(created, zone) : "-"),
    ];

    private string Progress(Job job) => _progress.GetValueOrDefault(job.TaskId, job.Progress) is { } done
        ? string.Create(CultureInfo.InvariantCulture, $"{done} %")
        : "-";

    private void DrawTable(AnsiWriter ansi, int width)
    {
        int rows = TableRows();
        JobColumn[] columns = JobColumn.Fit(_columns, width);
        Write(Row(columns, column => column.Title), Title);
        foreach (Job job in _newest.TakeLast(rows))
        {
            Write(Row(columns, column => column.Text(job)), JobStyle.OfStatus(job));
        }

        Write(Summary(rows, width), Quiet);

        // A row of two lines would not be erased completely when the table is redrawn.
        void Write(string text, Style style) => ansi.Write(text[..Math.Min(text.Length, width)], style).Write("\n");
    }

    private string Summary(int rows, int width)
    {
        string summary = string.Create(CultureInfo.InvariantCulture, $"{_count:N0} unfinished");
        string more = _count > rows ? $", {rows} newest shown" : "";
        string poll = _lastPoll is { } last ? $"; poll {last.Poll}, {last.RequestCount} {(last.RequestCount == 1 ? "request" : "requests")}" : "";
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
