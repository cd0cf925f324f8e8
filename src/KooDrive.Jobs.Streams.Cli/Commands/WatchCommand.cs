using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Watching;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs watch</c>: what happens to the jobs, as it happens.</summary>
internal sealed class WatchCommand : Command
{
    // An emulator of one's own is for looking at, and its jobs are over in half a minute.
    internal static readonly TimeSpan EmulatorInterval = TimeSpan.FromSeconds(1);

    private readonly Option<JobType?> _type = OptionValues.Member<JobType>("--type", "Only jobs of this type");
    private readonly Option<TimeSpan?> _interval = OptionValues.Seconds("--interval", "Time from the end of a poll to the next; default 5, with --emulator 1.");
    private readonly Option<TimeSpan?> _minInterval = OptionValues.Seconds("--min-interval", "How short it may become while jobs run; default: it does not shrink.");
    private readonly Option<TimeSpan?> _maxInterval = OptionValues.Seconds("--max-interval", "How long it may become while nothing happens; default: it does not grow.");
    private readonly Option<TimeSpan?> _for = OptionValues.Seconds("--for", "End after this time.");
    private readonly Option<bool> _untilIdle = new("--until-idle") { Description = "End when no unfinished job is left." };

    private readonly Option<string> _checkpoint = new(CheckpointFile.Option)
    {
        HelpName = "FILE",
        Description = "Keep there how far the watch has come, and go on from it: what changed meanwhile is told too.",
    };

    private readonly Option<bool> _changesOnly = new("--changes-only") { Description = "Print changes alone: added, changed, vanished." };

    private readonly Option<string> _exec = new("--exec")
    {
        HelpName = "COMMAND",
        Description = "Run this for each job that finishes, one at a time and in order, with the event as JSON on its standard input.",
    };

    private readonly Option<EventFormat?> _output = OptionValues.Choice<EventFormat>(
        "--output", "Default: text on a terminal, with a table of the unfinished jobs; ndjson elsewhere.");

    private readonly ConnectionOptions _connection;
    private readonly Option<bool> _verbose;
    private readonly CommandEnvironment _environment;

    public WatchCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("watch", "Prints what happens to the jobs, until Ctrl-C.")
    {
        _environment = environment;
        _verbose = verbose;
        foreach (Option option in (Option[])[_type, _interval, _minInterval, _maxInterval, _for, _untilIdle, _checkpoint, _changesOnly, _exec, _output])
        {
            Add(option);
        }

        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using Connection connection = await _connection.OpenAsync(parsed, _environment, cancellationToken, emulator => emulator.Speed = 1);
        EventFormat format = parsed.GetValue(_output) ?? (_environment.OutputIsTerminal ? EventFormat.Text : EventFormat.Ndjson);
        await using JobWatch watch = Watch(connection, parsed);
        var session = new WatchSession(_environment, format)
        {
            CurrentJobs = () => watch.UnfinishedJobs,
            ChangesOnly = parsed.GetValue(_changesOnly),
            FinishedCommand = parsed.GetValue(_exec) is { } command ? new FinishedJobCommand(command) : null,
        };
        using CancellationTokenSource time = parsed.GetValue(_for) is { } most ? new(most, _environment.Time) : new();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            CheckpointFile? checkpoint = parsed.GetValue(_checkpoint) is { } file ? CheckpointFile.Open(file, session.NoteAsync, _environment.Time) : null;
            await WatchAsync(watch, checkpoint, session, parsed.GetValue(_untilIdle), end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time is up, or nothing is left to wait for.
        }
        catch (Exception exception) when (exception is JobsException or JobCheckpointException or CommandException or OperationCanceledException)
        {
            await session.CompleteAsync();
            return Failure.Report(exception, _environment, parsed.GetValue(_verbose), cancellationToken);
        }

        await session.CompleteAsync();
        return ExitCode.Done;
    }

    private static async Task WatchAsync(JobWatch watch, IJobCheckpointStore? store, WatchSession session, bool untilIdle, CancellationTokenSource end)
    {
        await (store is null ? watch.ProcessAsync(HandleAsync, end.Token) : watch.ProcessWithPollsAsync(HandleAsync, store, end.Token));

        async ValueTask HandleAsync(JobEvent happened, CancellationToken cancellationToken)
        {
            await session.HandleAsync(happened, cancellationToken);
            if (untilIdle && happened is PollCompleted && session.IsIdle)
            {
                await end.CancelAsync();
            }
        }
    }

    private JobWatch Watch(Connection connection, ParseResult parsed)
    {
        var options = new JobWatchOptions { Type = parsed.GetValue(_type) };
        options.PollInterval = parsed.GetValue(_interval) ?? (connection.IsEmulator ? EmulatorInterval : options.PollInterval);
        options.MinPollInterval = parsed.GetValue(_minInterval);
        options.MaxPollInterval = parsed.GetValue(_maxInterval);
        return connection.Watch(options);
    }
}
