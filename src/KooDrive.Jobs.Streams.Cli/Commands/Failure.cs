using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Watching;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary>Converts an exception to an exit code and a line on standard error.</summary>
internal static class Failure
{
    public static int Report(Exception exception, CommandEnvironment environment, bool verbose, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case OperationCanceledException when cancellationToken.IsCancellationRequested:
                return ExitCode.Interrupted;
            case IOException output when StandardOutput.IsClosed(output):
                return ExitCode.Success;
            case UsageException usage:
                Write(usage, environment);
                return ExitCode.Usage;
            case JobsException:
                WriteLine(OptionNames.Translate(exception.Message), environment);
                break;
            case CommandException:
                WriteLine(exception.Message, environment);
                break;
            case JobCheckpointException:
                WriteLine($"{CheckpointFile.Option}: {exception.Message}", environment);
                break;
            case IOException:
                WriteLine($"An input or output operation failed: {exception.Message.TrimEnd('.')}. Check the disk and the target of standard output.", environment);
                break;
            default:
                WriteLine($"{exception.GetType().Name}: {exception.Message} Repeat the command with --verbose to see the stack trace.", environment);
                break;
        }

        if (verbose)
        {
            environment.Error.WriteLine(exception.ToString());
        }

        return ExitCode.Failed;
    }

    private static void Write(UsageException usage, CommandEnvironment environment)
    {
        foreach (string message in usage.Message.Split(Environment.NewLine))
        {
            WriteLine(message, environment);
        }

        if (usage.Command is not null)
        {
            environment.Error.WriteLine($"Run '{usage.Command} --help' to see its arguments and options.");
        }
    }

    private static void WriteLine(string message, CommandEnvironment environment) =>
        environment.Error.WriteLine($"koojobs: {PlainText.OneLine(message)}");
}
