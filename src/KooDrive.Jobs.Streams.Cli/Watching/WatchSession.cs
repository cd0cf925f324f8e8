namespace KooDrive.Jobs.Streams.Cli;

/// <summary>What <c>koojobs watch</c> does with the events: prints them, runs the command of <c>--exec</c>, and says when nothing is left to wait for.</summary>
internal sealed class WatchSession(CommandEnvironment environment, EventFormat format) : IDisposable
{
    private readonly UnfinishedJobs _unfinished = new();
    private readonly SemaphoreSlim _turn = new(1);
    private EventWriter? _writer;
    private bool _isSynced;

    public bool ChangesOnly { get; init; }

    public FinishedJobCommand? FinishedCommand { get; init; }

    /// <summary>Whether every job has finished, once the first picture is complete.</summary>
    public bool IsIdle => _isSynced && _unfinished.Count == 0;

    private EventWriter Writer => _writer ??= EventWriter.Create(format, environment, _unfinished);

    /// <summary>Takes an event, and returns when it has been printed and acted upon.</summary>
    public async ValueTask HandleAsync(JobEvent happened, CancellationToken cancellationToken)
    {
        await PrintAsync(happened, cancellationToken);
        if (FinishedCommand is { } command && _isSynced && happened is JobChange { JustFinished: true } change)
        {
            (string printed, string problem) = await command.RunAsync(change, cancellationToken);
            await NoteAsync(printed, cancellationToken);
            await NoteAsync(problem.Length > 0 ? $"koojobs: {problem}" : "", cancellationToken);
        }
    }

    public ValueTask CompleteAsync() => Writer.CompleteAsync();

    public void Dispose() => _turn.Dispose();

    // A poll's end and a job's change may be told from two threads.
    private async Task PrintAsync(JobEvent happened, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _unfinished.Apply(happened);
            _isSynced |= happened is WatchSynced;
            if (!ChangesOnly || happened is JobChange)
            {
                await Writer.WriteAsync(happened);
            }
            else if (happened is PollFailed or WatchGap && EventText.Describe(happened, _unfinished.Count) is { } line)
            {
                // Whoever asked for changes alone has to know that there may be others.
                await Writer.NoteAsync(environment.Error, $"koojobs: {line.Text}");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task NoteAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length == 0)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            await Writer.NoteAsync(environment.Error, text);
        }
        finally
        {
            _turn.Release();
        }
    }
}
