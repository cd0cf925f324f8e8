using System.CommandLine;
using System.CommandLine.Invocation;
using KooDrive.Jobs.Streams.Cli.Commands;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>The command <c>koojobs</c>: what it was asked, and the exit code that came of it.</summary>
internal static class KooJobsCommand
{
    private const string Verbose = "--verbose";

    /// <summary>Runs one command line. Holds no static state: runs may go on side by side.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    /// <param name="environment">Streams, terminal and environment variables.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl-C; the command then ends with <see cref="ExitCode.Interrupted"/>.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, CommandEnvironment environment, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = Parse(arguments, environment);
        try
        {
            return parsed.Action is ParseErrorAction
                ? await RefuseAsync(parsed, environment)
                : await InvokeAsync(parsed, environment, cancellationToken);
        }
        catch (Exception exception)
        {
            // Whatever went wrong becomes an exit code and one line: a stack trace is for --verbose.
            return Failure.Report(exception, environment, parsed.GetValue<bool>(Verbose), cancellationToken);
        }
    }

    /// <summary>Reads one command line, and does nothing yet: what is wrong with it stands in the result's errors.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    /// <param name="environment">Streams, terminal and environment variables of the run to come.</param>
    public static ParseResult Parse(string[] arguments, CommandEnvironment environment)
    {
        var verbose = new Option<bool>(Verbose) { Description = "Write log messages and stack traces to standard error.", Recursive = true };
        var root = new RootCommand("Lists and watches the batch jobs of a KooDrive account.")
        {
            verbose,
            new ListCommand(environment, verbose),
            new WatchCommand(environment, verbose),
            new WaitCommand(environment, verbose),
            new DashboardCommand(environment, verbose),
            new EmulatorCommand(environment),
        };
        root.HelpName = "koojobs";

        // An argument that starts with @ is text, not the name of a file with more arguments.
        return root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        await using StreamWriter output = environment.CreateOutputWriter();
        return await parsed.InvokeAsync(Configuration(output, environment), cancellationToken);
    }

    private static async Task<int> RefuseAsync(ParseResult parsed, CommandEnvironment environment)
    {
        if (parsed.Tokens.Count == 0)
        {
            await parsed.RootCommandResult.Command.Parse("--help").InvokeAsync(Configuration(environment.Error, environment));
            return ExitCode.Usage;
        }

        throw new UsageException(
            parsed.Errors.Select(error => error.Message),
            parsed.CommandResult.Command is RootCommand ? "koojobs" : $"koojobs {parsed.CommandResult.Command.Name}");
    }

    // Signals and exceptions are this class's and Program's own.
    private static InvocationConfiguration Configuration(TextWriter output, CommandEnvironment environment) => new()
    {
        Output = output,
        Error = environment.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };
}
