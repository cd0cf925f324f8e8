using System.CommandLine;
using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs list</c>: prints every job, newest first.</summary>
internal sealed class ListCommand : Command
{
    private readonly Option<JobType?> _type = OptionValues.Member<JobType>("--type", "Only jobs of this type");
    private readonly Option<JobStatus?> _status = OptionValues.Member<JobStatus>("--status", "Only jobs in this status");

    private readonly Option<long?> _pageSize = OptionValues.WholeNumber(
        "--page-size", 2, 100, "Jobs per request, 2 to 100; default 100.");

    private readonly Option<long?> _max = OptionValues.WholeNumber("--max", 1, long.MaxValue, "Stop after this many jobs.");
    private readonly Option<long?> _parallel = OptionValues.WholeNumber("--parallel", 1, 32, "Requests in flight, 1 to 32; default 1.");

    private readonly Option<string> _resume = new("--resume")
    {
        HelpName = "TEXT",
        Description = "Resume after the last job of an interrupted list that had the same filters. TEXT is the resume point that it printed.",
    };

    private readonly Option<OutputFormat?> _output = OptionValues.Choice<OutputFormat>("--output", "Default: table on a terminal, ndjson elsewhere.");
    private readonly ConnectionOptions _connection;
    private readonly Option<bool> _verbose;
    private readonly CommandEnvironment _environment;

    public ListCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("list", "Lists every job, newest first.")
    {
        _environment = environment;
        _verbose = verbose;
        foreach (Option option in (Option[])[_type, _status, _pageSize, _max, _parallel, _resume, _output])
        {
            Add(option);
        }

        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool verbose = parsed.GetValue(_verbose);
        await using Connection connection = await _connection.OpenAsync(parsed, _environment, cancellationToken);
        using var progress = new ProgressLine(_environment, show: !verbose);
        OutputFormat format = parsed.GetValue(_output) ?? (_environment.OutputIsTerminal ? OutputFormat.Table : OutputFormat.Ndjson);
        JobWriter writer = JobWriter.Create(format, _environment);
        JobPage? last = null;
        try
        {
            await foreach (JobPage page in Pages(connection.Client, parsed, progress).WithCancellation(cancellationToken))
            {
                await progress.Above(() => writer.WriteAsync(page.Jobs));
                last = page;
            }

            await writer.CompleteAsync();
        }
        catch (Exception exception) when (exception is JobsException or CommandException or OperationCanceledException)
        {
            progress.Dispose();
            int code = Failure.Report(exception, _environment, verbose, cancellationToken);

            // A resume point fills half a screen. After Ctrl-C it is useful only if the output was saved.
            if (last is not null && !(code == ExitCode.Interrupted && _environment.OutputIsTerminal))
            {
                WriteResumePoint((exception as JobsException)?.ResumePoint ?? last.ResumePoint);
            }

            return code;
        }

        progress.Dispose();
        WriteSummary(writer.JobCount);
        return ExitCode.Success;
    }

    private IAsyncEnumerable<JobPage> Pages(JobsClient client, ParseResult parsed, ProgressLine progress)
    {
        var query = new JobQuery { Type = parsed.GetValue(_type), Status = parsed.GetValue(_status) };
        var options = new JobListingOptions { MaxJobs = parsed.GetValue(_max) };
        options.PageSize = (int?)parsed.GetValue(_pageSize) ?? options.PageSize;
        options.PagesInFlight = (int?)parsed.GetValue(_parallel) ?? options.PagesInFlight;
        JobListing listing = client.ListJobs(query, options, progress);
        try
        {
            return listing.AsPages(parsed.GetValue(_resume));
        }
        catch (ArgumentException exception)
        {
            throw exception.InnerException is FormatException
                ? new UsageException("--resume: The text is not a resume point. Copy the resume point exactly as it was printed.")
                : new UsageException("--resume: The resume point belongs to a list with other filters. Specify the same --type and --status.");
        }
    }

    private void WriteResumePoint(string? resumePoint)
    {
        if (resumePoint is not null)
        {
            _environment.Error.WriteLine("To resume after the last job printed, repeat the command with this resume point:");
            _environment.Error.WriteLine($"  --resume {resumePoint}");
        }
    }

    private void WriteSummary(long jobs)
    {
        if (_environment.DecorateError)
        {
            _environment.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{jobs:N0} {(jobs == 1 ? "job" : "jobs")}"));
        }
    }
}
