using System.CommandLine;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Parsing;
using KooDrive.Jobs.Streams.Cli.Watching;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs wait</c>: returns when all of the specified jobs have finished.</summary>
internal sealed class WaitCommand : Command, IHasExamples, IHasExitCodes
{
    private readonly Argument<string[]> _taskIds = new("TASK_ID")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "The task ids of the jobs",
    };

    private readonly Option<TimeSpan?> _timeout = OptionValues.Seconds("--timeout", "Stop waiting after this time; default: never");
    private readonly Option<TimeSpan?> _interval = OptionValues.Seconds("--interval", "Between polls; default 5, with --emulator 1");
    private readonly Option<double?> _grace = OptionValues.Number(
        "--grace", "SECONDS", 0, 86_400, "How long a job may be unlisted; default 30");

    private readonly Option<EventFormat?> _output = OptionValues.Choice<EventFormat>("--output", "-o", "text (on a terminal), ndjson (else)");
    private readonly ConnectionOptions _connection;
    private readonly Option<bool> _verbose;
    private readonly CommandEnvironment _environment;

    public WaitCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("wait", "Waits until all of the specified jobs have finished")
    {
        _environment = environment;
        _verbose = verbose;
        Add(_taskIds);
        foreach (Option option in (Option[])[_timeout, _interval, _grace, _output])
        {
            Add(option);
        }

        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs wait 1320279189273965056 --timeout 600"];

    public string ExitCodes => "3 not all jobs succeeded with every file, 4 timed out";

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // A line of a file that was written on Windows ends with a carriage return.
        string[] taskIds = [.. parsed.GetRequiredValue(_taskIds).Select(taskId => taskId.Trim()).Distinct()];
        if (taskIds.Any(string.IsNullOrEmpty))
        {
            throw new UsageException("TASK_ID: A task id is empty. Specify the id of each job.");
        }

        await using Connection connection = await _connection.OpenAsync(parsed, _environment, cancellationToken, emulator => emulator.Speed = 1);
        EventFormat format = parsed.GetValue(_output) ?? (_environment.OutputIsTerminal ? EventFormat.Text : EventFormat.Ndjson);
        var writer = JobWriter.Create(format is EventFormat.Text ? OutputFormat.Table : OutputFormat.Ndjson, _environment);
        var options = new JobWatchOptions();
        options.PollInterval = parsed.GetValue(_interval) ?? (connection.IsEmulator ? WatchCommand.EmulatorInterval : options.PollInterval);
        options.NotFoundGracePeriod = parsed.GetValue(_grace) is { } grace ? TimeSpan.FromSeconds(grace) : options.NotFoundGracePeriod;
        await using JobWatch watch = connection.Watch(options);
        using IDisposable failures = watch.Events.OfType<PollFailed>().Subscribe(
            failed => _environment.Error.WriteLine($"koojobs: {EventText.Describe(failed, unfinished: 0)!.Value.Text}"),
            _ => { /* The waits below fail with the same error. */ });
        using CancellationTokenSource time = parsed.GetValue(_timeout) is { } timeout ? new(timeout, _environment.Time) : new();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);

        using IDisposable waiting = WaitNotices.Show(watch, taskIds, _environment);
        List<Task<Job>> waits = [.. taskIds.Select(taskId => watch.WaitForFinishAsync(taskId, end.Token))];
        var finished = new List<Job>();
        try
        {
            while (waits.Count > 0)
            {
                Task<Job> next = await Task.WhenAny(waits);
                waits.Remove(next);
                finished.Add(await next);
                await writer.WriteAsync([finished[^1]]);
            }
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            string unfinished = string.Join(", ", taskIds.Except(finished.Select(job => job.TaskId)));
            await _environment.Error.WriteLineAsync($"koojobs: The timeout elapsed before these jobs finished: {PlainText.OneLine(unfinished)}. Wait again, or increase --timeout.");
            return ExitCode.TimedOut;
        }
        catch (Exception exception) when (exception is JobsException or OperationCanceledException)
        {
            return Failure.Report(exception, _environment, parsed.GetValue(_verbose), cancellationToken);
        }

        return finished.TrueForAll(job => job.IsSucceeded) ? ExitCode.Success : ExitCode.NotAllSucceeded;
    }
}
