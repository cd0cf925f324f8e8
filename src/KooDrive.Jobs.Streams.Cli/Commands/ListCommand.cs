using System.CommandLine;
using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Parsing;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs list</c>: prints every job, newest first.</summary>
internal sealed class ListCommand : Command, IHasExamples, IReadsOnce
{
    private readonly Option<JobType?> _type = OptionValues.Member<JobType>("--type", "Only this type: koojobs help names");
    private readonly Option<JobStatus?> _status = OptionValues.Member<JobStatus>("--status", "Only this status: koojobs help names");
    private readonly Option<bool> _failed = OptionValues.Flag("--failed", "Only jobs that failed (even partly or canceled)");
    private readonly Option<JobResult?> _result = OptionValues.Member<JobResult>("--result", "Only this result: koojobs help names");
    private readonly Option<DateTimeOffset?> _since;

    private readonly Option<long?> _pageSize = OptionValues.WholeNumber(
        "--page-size", 2, 100, "Jobs per request, 2 to 100; default 100");

    private readonly Option<long?> _max = OptionValues.WholeNumber("--max", 1, long.MaxValue, "Stop after this many jobs");
    private readonly Option<long?> _parallel = OptionValues.WholeNumber("--parallel", 1, 32, "Requests in flight, 1 to 32; default 1");

    private readonly Option<string> _resume = new("--resume")
    {
        HelpName = "TEXT",
        Description = "The resume point of an interrupted list",
    };

    private readonly Option<OutputFormat?> _output = OptionValues.Choice<OutputFormat>(
        "--output", "-o", "table (on a terminal), ndjson (else), json, csv");
    private readonly ConnectionOptions _connection;
    private readonly Option<bool> _verbose;
    private readonly CommandEnvironment _environment;

    public ListCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("list", "Lists every job, newest first")
    {
        _environment = environment;
        _verbose = verbose;
        _since = OptionValues.Time("--since", environment, "Only jobs created since: 12h, 7d, 2026-01-31");
        foreach (Option option in (Option[])[_type, _status, _failed, _result, _since, _pageSize, _max, _parallel, _resume, _output])
        {
            Add(option);
        }

        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs list --failed --since 7d -o csv > failed.csv", "koojobs list --parallel 8 | jq -r .taskId"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool verbose = parsed.GetValue(_verbose);
        await using Connection connection = await _connection.OpenAsync(parsed, _environment, cancellationToken);
        using var progress = new ProgressLine(_environment, show: !verbose);
        OutputFormat format = parsed.GetValue(_output) ?? (_environment.OutputIsTerminal ? OutputFormat.Table : OutputFormat.Ndjson);
        var writer = JobWriter.Create(format, _environment);
        long? max = parsed.GetValue(_max);
        var filter = new ListFilter(parsed.GetValue(_failed), parsed.GetValue(_result), parsed.GetValue(_since), max);
        JobPage? last = null;
        try
        {
            await foreach (JobPage page in Pages(connection.Client, parsed, filter.TakesAll ? max : null, progress).WithCancellation(cancellationToken))
            {
                IReadOnlyList<Job> jobs = filter.Take(page.Jobs);
                await progress.Above(() => jobs.Count > 0 ? writer.WriteAsync(jobs) : ValueTask.CompletedTask);
                last = page;
                if (filter.IsDone)
                {
                    break;
                }
            }

            await writer.CompleteAsync();
        }
        catch (Exception exception) when (exception is JobsException or CommandException or OperationCanceledException)
        {
            progress.Dispose();
            await writer.AbortAsync();
            int code = Failure.Report(exception, _environment, verbose, cancellationToken);
            if (last is not null)
            {
                WriteResumePoint((exception as JobsException)?.ResumePoint ?? last.ResumePoint);
            }

            return code;
        }

        progress.Dispose();
        WriteSummary(writer.JobCount);
        return ExitCode.Success;
    }

    private IAsyncEnumerable<JobPage> Pages(JobsClient client, ParseResult parsed, long? max, ProgressLine progress)
    {
        var query = new JobQuery { Type = parsed.GetValue(_type), Status = parsed.GetValue(_status) };
        var options = new JobListingOptions { MaxJobs = max };
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
            // A terminal of 80 columns shows the last line without a break, so that it can be selected.
            _environment.Error.WriteLine("To resume after the last job printed, repeat the command with:");
            _environment.Error.WriteLine($"  --resume {resumePoint}");
        }
    }

    private void WriteSummary(long jobs)
    {
        if (_environment.ErrorIsLive)
        {
            _environment.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{jobs:N0} {(jobs == 1 ? "job" : "jobs")}"));
        }
    }
}
