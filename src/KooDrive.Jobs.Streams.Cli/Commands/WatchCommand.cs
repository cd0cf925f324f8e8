using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Parsing;
using KooDrive.Jobs.Streams.Cli.Watching;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs watch</c>: prints each change of the jobs as it is observed.</summary>
internal sealed class WatchCommand : Command, IHasExamples
{
    // A job of the emulator runs for less than half a minute.
    internal static readonly TimeSpan EmulatorInterval = TimeSpan.FromSeconds(1);

    private readonly Option<JobType?> _type = OptionValues.Member<JobType>("--type", "Only this type: koojobs help names");
    private readonly Option<TimeSpan?> _interval = OptionValues.Seconds("--interval", "Between polls; default 5, with --emulator 1");
    private readonly Option<TimeSpan?> _minInterval = OptionValues.Seconds("--min-interval", "Shrink the interval to this while jobs run");
    private readonly Option<TimeSpan?> _maxInterval = OptionValues.Seconds("--max-interval", "Grow the interval to this while nothing changes");
    private readonly Option<TimeSpan?> _for = OptionValues.Seconds("--for", "Stop after this time");
    private readonly Option<bool> _untilIdle = OptionValues.Flag("--until-idle", "Stop when no unfinished job remains");

    private readonly Option<bool> _once = OptionValues.Flag("--once", "Poll once, and stop; with --checkpoint");

    private readonly Option<string> _checkpoint = new(CheckpointFile.Option)
    {
        HelpName = "FILE",
        Description = "Resume from this file, and save progress to it",
    };

    private readonly Option<bool> _changesOnly = OptionValues.Flag("--changes-only", "Print only added, changed and vanished jobs");

    private readonly Option<string> _exec = new("--exec")
    {
        HelpName = "COMMAND",
        Description = "Run for each finished job, its JSON on stdin",
    };

    private readonly Option<EventFormat?> _output = OptionValues.Choice<EventFormat>(
        "--output", "-o", "text (on a terminal), ndjson (else)");

    private readonly ConnectionOptions _connection;
    private readonly Option<bool> _verbose;
    private readonly CommandEnvironment _environment;

    public WatchCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("watch", "Prints each change of the jobs until Ctrl-C is pressed")
    {
        _environment = environment;
        _verbose = verbose;
        foreach (Option option in (Option[])[_type, _interval, _minInterval, _maxInterval, _for, _untilIdle, _once, _checkpoint, _changesOnly, _exec, _output])
        {
            Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(_once) && result.GetValue(_checkpoint) is null)
            {
                result.AddError($"--once requires {CheckpointFile.Option} FILE, which contains the state of the poll before.");
            }
        });
        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs watch --until-idle --exec 'notify-send done'"];

    // The checkpoint file has its own retries, which are reported on standard error.
    private static JobProcessingOptions NoRetries => new() { MaxSaveRetries = 0 };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using Connection connection = await _connection.OpenAsync(parsed, _environment, cancellationToken, emulator => emulator.Speed = 1);
        EventFormat format = parsed.GetValue(_output) ?? (_environment.OutputIsTerminal ? EventFormat.Text : EventFormat.Ndjson);
        await using JobWatch watch = Watch(connection, parsed);
        var session = new WatchSession(_environment, format)
        {
            CurrentJobs = () => watch.UnfinishedJobs,
            Resumes = parsed.GetValue(_checkpoint) is not null,
            ChangesOnly = parsed.GetValue(_changesOnly),
            FinishedCommand = parsed.GetValue(_exec) is { } command ? new FinishedJobCommand(command) : null,
        };
        using CancellationTokenSource time = parsed.GetValue(_for) is { } duration ? new(duration, _environment.Time) : new();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            CheckpointFile? checkpoint = parsed.GetValue(_checkpoint) is { } file ? CheckpointFile.Open(file, session.NoteAsync, _environment.Time) : null;
            await (parsed.GetValue(_once)
                ? watch.ProcessOnceAsync(session.HandleAsync, checkpoint!, NoRetries, end.Token)
                : WatchAsync(watch, checkpoint, session, parsed.GetValue(_untilIdle), end));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The duration of --for elapsed, or no unfinished job remains.
        }
        catch (Exception exception) when (exception is JobsException or JobCheckpointException or CommandException or OperationCanceledException)
        {
            await session.CompleteAsync();
            return Failure.Report(exception, _environment, parsed.GetValue(_verbose), cancellationToken);
        }

        await session.CompleteAsync();
        return ExitCode.Success;
    }

    private static async Task WatchAsync(JobWatch watch, IJobCheckpointStore? store, WatchSession session, bool untilIdle, CancellationTokenSource end)
    {
        await (store is null
            ? watch.ProcessAsync(HandleAsync, end.Token)
            : watch.ProcessWithPollsAsync(HandleAsync, store, NoRetries, end.Token));

        async ValueTask HandleAsync(JobEvent jobEvent, CancellationToken cancellationToken)
        {
            await session.HandleAsync(jobEvent, cancellationToken);
            if (untilIdle && jobEvent is PollCompleted && session.IsIdle)
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
