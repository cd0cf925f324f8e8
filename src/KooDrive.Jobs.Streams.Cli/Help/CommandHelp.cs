using System.CommandLine;
using System.CommandLine.Invocation;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Cli.Help;

/// <summary>Prints the help of a command: one line per option, the options of the connection last, examples and exit codes. It fits on a terminal of 30 rows.</summary>
internal sealed class CommandHelp : SynchronousCommandLineAction
{
    // The rest of the 80 columns is for descriptions.
    private const int NameWidth = 31;
    private const int CommandWidth = 12;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Success;
    }

    public static void Write(Command command, TextWriter output)
    {
        bool isRoot = command is RootCommand;
        Option[] own = [.. command.Options.Where(option => !option.Hidden && !ConnectionOptions.Names.Contains(option.Name) && (isRoot || !option.Recursive))];
        Option[] connection = [.. command.Options.Where(option => ConnectionOptions.Names.Contains(option.Name))];
        string arguments = string.Concat(command.Arguments.Select(argument => argument.Arity switch
        {
            { MinimumNumberOfValues: 0 } => $" [{argument.Name}]",
            { MaximumNumberOfValues: > 1 } => $" <{argument.Name}>...",
            _ => $" <{argument.Name}>",
        }));
        output.WriteLine($"Usage: koojobs {(isRoot ? "<command>" : command.Name + arguments)} [options]");
        output.WriteLine($"{command.Description}.");
        output.WriteLine();
        WriteGroup("Commands:", CommandWidth, command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => (subcommand.Name, subcommand.Description)));
        WriteGroup("Arguments:", NameWidth, command.Arguments.Select(argument => (argument.Name, argument.Description)));
        WriteGroup("Options:", NameWidth, [.. own.Select(Row), .. isRoot ? [] : Common(command)]);
        WriteGroup("Connection [environment variable]:", NameWidth, connection.Select(Row));
        foreach (string example in (command as IHasExamples)?.Examples ?? ["koojobs list --emulator", "koojobs help watch"])
        {
            output.WriteLine($"Example: {example}");
        }

        output.WriteLine("Exit codes: 0 success, 1 failure, 2 usage error, 130 interrupted");
        if (command is IHasExitCodes { ExitCodes: var codes })
        {
            output.WriteLine($"            {codes}");
        }

        void WriteGroup(string title, int width, IEnumerable<(string Name, string? Description)> rows)
        {
            (string Name, string? Description)[] lines = [.. rows];
            if (lines.Length > 0)
            {
                output.WriteLine(title);
                foreach ((string name, string? description) in lines)
                {
                    output.WriteLine($"  {name.PadRight(width)}{description}");
                }
            }
        }
    }

    private static IEnumerable<(string Name, string? Description)> Common(Command command) => command.Parents
        .OfType<RootCommand>()
        .SelectMany(root => root.Options)
        .Where(option => option.Recursive && !option.Hidden)
        .Select(Row);

    private static (string Name, string? Description) Row(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias is ['-', not '?']).Append(option.Name));
        return (option.HelpName is null ? names : $"{names} <{option.HelpName}>", option.Description);
    }
}
