using System.Globalization;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>On a terminal: a line a change, and beneath them a table of the unfinished jobs that is drawn anew with each.</summary>
internal sealed class LiveEventWriter(CommandEnvironment environment, UnfinishedJobs unfinished) : EventWriter(environment.Output)
{
    private static readonly Style Title = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(decoration: Decoration.Dim);

    private int _drawnLines;
    private bool _isSynced;
    private PollCompleted? _lastPoll;

    public override ValueTask WriteAsync(JobEvent happened)
    {
        _isSynced |= happened is WatchSynced;
        _lastPoll = happened as PollCompleted ?? _lastPoll;
        var line = EventText.Describe(happened, unfinished.Count);

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
        int width = Math.Max(environment.Width() - 1, 20);
        if (_drawnLines > 0)
        {
            ansi.CursorUp(_drawnLines).CursorHorizontalAbsolute(1).EraseInDisplay(0);
        }

        if (line is { } news)
        {
            ansi.Write(news.Text, news.Style).Write("\n");
        }

        _drawnLines = withTable && _isSynced ? DrawTable(ansi, width) : 0;
        return WriteAsync(text.ToString());
    }

    private int DrawTable(AnsiWriter ansi, int width)
    {
        int rows = Math.Min(unfinished.Count, Math.Max(environment.Height() / 2, 3));
        Write($"{"TASK ID",-19}  {"TYPE",-21}  {"STATUS",-10}  {"DONE",5}  CREATED", Title);
        foreach (Job job in unfinished.All.Skip(unfinished.Count - rows))
        {
            Write(Row(job), JobStyle.OfStatus(job));
        }

        string more = unfinished.Count > rows ? $", the {rows} newest shown" : "";
        string poll = _lastPoll is { } last ? $"; poll {last.Poll}, {last.Requests} {(last.Requests == 1 ? "request" : "requests")}" : "";
        Write($"{unfinished.Count} unfinished{more}{poll}", Quiet);
        return rows + 2;

        void Write(string text, Style style) => ansi.Write(text[..Math.Min(text.Length, width)], style).Write("\n");
    }

    private static string Row(Job job) => PlainText.OneLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{job.TaskId,-19}  {EnumNames<JobType>.Format(job.Type),-21}  {EnumNames<JobStatus>.Format(job.Status),-10}  {(job.Progress is { } done ? $"{done} %" : "-"),5}  {job.CreateTime:HH:mm:ss}"));
}
