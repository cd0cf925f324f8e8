using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using KooDrive.Jobs.Streams.Cli.Commands;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Parsing;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>The command <c>koojobs</c>.</summary>
internal static class KooJobsCommand
{
    private const string Verbose = "--verbose";

    /// <summary>Runs one command line. Runs share no state and may be concurrent.</summary>
    /// <param name="arguments">The arguments after the command's name.</param>
    /// <param name="environment">Streams, terminal and environment variables.</param>
    /// <param name="cancellationToken">Canceled by Ctrl-C. The command then returns <see cref="ExitCode.Interrupted"/>.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, CommandEnvironment environment, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = Parse(arguments, environment);
        try
        {
            return parsed.Action is ParseErrorAction
                ? ReportParseErrors(parsed, environment)
                : await InvokeAsync(parsed, environment, cancellationToken);
        }
        catch (Exception exception)
        {
            // Every exception is reported as an exit code and one line. Only --verbose prints a stack trace.
            return Failure.Report(exception, environment, parsed.GetValue<bool>(Verbose), cancellationToken);
        }
    }

    /// <summary>Parses one command line without running it. The result contains the errors.</summary>
    /// <param name="arguments">The arguments after the command's name.</param>
    /// <param name="environment">Streams, terminal and environment variables of the run.</param>
    public static ParseResult Parse(string[] arguments, CommandEnvironment environment)
    {
        Option<bool> verbose = OptionValues.Flag(Verbose, "Write log messages and stack traces to stderr");
        verbose.Recursive = true;
        RootCommand? root = null;

        // An argument that starts with @ is text, not the name of a file with more arguments.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        root = new RootCommand("Lists and watches the batch jobs of a KooDrive account")
        {
            verbose,
            new ListCommand(environment, verbose),
            new ShowCommand(environment, verbose),
            new WatchCommand(environment, verbose),
            new WaitCommand(environment, verbose),
            new DashboardCommand(environment, verbose),
            new EmulatorCommand(environment),
            new CompletionCommand(),
            new HelpCommand(environment),
            new CompleteCommand(line => root!.Parse(line, configuration)),
        };
        root.HelpName = "koojobs";
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show help";
        help.Action = new CommandHelp();
        return root.Parse(arguments, configuration);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        await using StreamWriter output = environment.CreateOutputWriter();
        return await parsed.InvokeAsync(Configuration(output, environment), cancellationToken);
    }

    private static int ReportParseErrors(ParseResult parsed, CommandEnvironment environment)
    {
        if (parsed.Tokens.Count == 0)
        {
            CommandHelp.Write(parsed.RootCommandResult.Command, environment.Error);
            return ExitCode.Usage;
        }

        throw new UsageException(
            Mistakes.Describe(parsed),
            parsed.CommandResult.Command is RootCommand or HelpCommand ? "koojobs" : $"koojobs {parsed.CommandResult.Command.Name}");
    }

    // This class handles exceptions, and Program handles signals.
    private static InvocationConfiguration Configuration(TextWriter output, CommandEnvironment environment) => new()
    {
        Output = output,
        Error = environment.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };
}
