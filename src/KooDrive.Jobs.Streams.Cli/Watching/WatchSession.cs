using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Handles the events of <c>koojobs watch</c>: prints them, runs the command of <c>--exec</c>, and tracks the unfinished jobs.</summary>
internal sealed class WatchSession(CommandEnvironment environment, EventFormat format)
{
    private readonly UnfinishedJobs _unfinished = new();
    private readonly WatchTally _tally = new();
    private readonly long _startedAt = environment.Time.GetTimestamp();
    private EventWriter? _writer;
    private bool _isSynced;

    public bool ChangesOnly { get; init; }

    public FinishedJobCommand? FinishedCommand { get; init; }

    /// <summary>Whether the watch may resume from a checkpoint: it then publishes only changes, and not the unfinished jobs.</summary>
    public bool Resumes { get; init; }

    /// <summary>Returns the unfinished jobs as the watch last observed them, progress included.</summary>
    public Func<IReadOnlyList<Job>> CurrentJobs { get; init; } = () => [];

    /// <summary>Whether the initial snapshot is complete and every job has finished.</summary>
    public bool IsIdle => _isSynced && _unfinished.Count == 0;

    private EventWriter Writer => _writer ??= EventWriter.Create(format, environment, _unfinished, CurrentJobs);

    /// <summary>Prints and handles one event. Calls must not overlap.</summary>
    public async ValueTask HandleAsync(JobEvent jobEvent, CancellationToken cancellationToken)
    {
        Count(jobEvent);
        await PrintAsync(jobEvent);
        if (FinishedCommand is { } command && _isSynced && jobEvent is JobChange { JustFinished: true } change)
        {
            (string printed, string problem) = await command.RunAsync(change, cancellationToken);
            await NoteAsync(printed);
            await NoteAsync(problem.Length > 0 ? $"koojobs: {problem}" : "");
        }
    }

    /// <summary>Removes the live table, and prints a summary after text.</summary>
    public async ValueTask CompleteAsync()
    {
        await Writer.CompleteAsync();
        if (format == EventFormat.Text)
        {
            await environment.Error.WriteLineAsync(_tally.Describe(environment.Time.GetElapsedTime(_startedAt)));
        }
    }

    /// <summary>Prints a line on standard error, without damaging the live table.</summary>
    public async ValueTask NoteAsync(string text)
    {
        if (text.Length > 0)
        {
            await Writer.NoteAsync(environment.Error, text);
        }
    }

    private void Count(JobEvent jobEvent)
    {
        _tally.Count(jobEvent);
        _unfinished.Apply(jobEvent);
        if (jobEvent is WatchSynced)
        {
            _isSynced = true;
            foreach (Job job in Resumes ? CurrentJobs() : [])
            {
                _unfinished.Apply(new JobListed { Job = job });
            }
        }
    }

    private async ValueTask PrintAsync(JobEvent jobEvent)
    {
        if (!ChangesOnly || jobEvent is JobChange)
        {
            await Writer.WriteAsync(jobEvent);
        }
        else if (jobEvent is PollFailed or WatchGap && EventText.Describe(jobEvent, _unfinished.Count, zone: environment.Time.LocalTimeZone) is { } line)
        {
            // A gap or a failed poll means that changes may be missing from the output.
            await NoteAsync($"koojobs: {line.Text}");
        }
    }
}
