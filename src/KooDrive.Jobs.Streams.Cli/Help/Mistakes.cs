using System.CommandLine;
using KooDrive.Jobs.Streams.Hosting;

namespace KooDrive.Jobs.Streams.Cli.Help;

/// <summary>Suggests the command or the option that was probably meant.</summary>
internal static class Mistakes
{
    private const int MaxTypingErrors = 3;

    /// <summary>Returns the messages for a command line that could not be parsed.</summary>
    public static IEnumerable<string> Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] unknown = [.. parsed.UnmatchedTokens];

        // What follows an unknown option may be its value, and a secret, such as that of --token.
        if (Array.Exists(unknown, token => token.StartsWith('-')))
        {
            unknown = [.. unknown.Where(token => token.StartsWith('-')).Select(token => token.Split('=')[0])];
        }

        foreach (string token in unknown)
        {
            yield return Describe(token, Names(command, token));
        }

        // An unknown word leads to further errors, e.g. that a command is required.
        foreach (string message in parsed.Errors.Select(error => error.Message).Where(message => unknown.Length == 0 || message.StartsWith("--", StringComparison.Ordinal)))
        {
            yield return message;
        }
    }

    /// <summary>Returns the message for an unknown word, with the nearest of the names if it is near.</summary>
    public static string Describe(string token, IEnumerable<string> names)
    {
        string? nearest = names.MinBy(name => NearestName.Distance(token, name));
        return nearest is not null && NearestName.Distance(token, nearest) <= Math.Min(MaxTypingErrors, token.Length / 2)
            ? $"'{token}' is unknown. Did you mean '{nearest}'?"
            : $"'{token}' is unknown.";
    }

    private static IEnumerable<string> Names(Command command, string token) => token.StartsWith('-')
        ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive)).Select(option => option.Name)
        : command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);
}
