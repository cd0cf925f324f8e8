using System.Buffers;
using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Parsing;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs show</c>: prints everything known about one job.</summary>
internal sealed class ShowCommand : Command, IHasExamples, IReadsOnce
{
    private readonly Argument<string> _taskId = new("TASK_ID") { Description = "The task id of the job" };
    private readonly Option<bool> _downloadUrl = OptionValues.Flag("--download-url", "Include the download address, which is secret");
    private readonly Option<ShowFormat?> _output = OptionValues.Choice<ShowFormat>("--output", "-o", "text (on a terminal), json (else)");
    private readonly ConnectionOptions _connection;
    private readonly CommandEnvironment _environment;

    public ShowCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("show", "Shows everything known about one job")
    {
        _environment = environment;
        Add(_taskId);
        Add(_downloadUrl);
        Add(_output);
        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs show 1320279189273965056 --download-url"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string taskId = parsed.GetRequiredValue(_taskId).Trim();
        if (taskId.Length == 0)
        {
            throw new UsageException("TASK_ID: The task id is empty. Specify the id of a job.");
        }

        await using Connection connection = await _connection.OpenAsync(parsed, _environment, cancellationToken);
        Job job = await connection.Client.FindJobAsync(taskId, cancellationToken)
            ?? throw new CommandException($"The list has no job {taskId}. Check the id and the account; old jobs are removed from the list.");
        bool withAddress = parsed.GetValue(_downloadUrl);
        await using StreamWriter output = _environment.CreateOutputWriter();
        if ((parsed.GetValue(_output) ?? (_environment.OutputIsTerminal ? ShowFormat.Text : ShowFormat.Json)) is ShowFormat.Json)
        {
            var line = new ArrayBufferWriter<byte>();
            JsonLine.Write(line, withAddress ? job : job with { DownloadUrl = null }, JobsJsonContext.Default.Job);
            await output.WriteAsync(CommandEnvironment.Encoding.GetString(line.WrittenSpan));
        }
        else
        {
            foreach ((string name, string value) in JobDetails.Of(job, withAddress, _environment.Time.LocalTimeZone))
            {
                await output.WriteLineAsync($"{name,-13}{PlainText.OneLine(value)}");
            }
        }

        return ExitCode.Success;
    }
}
