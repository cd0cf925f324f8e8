using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Parsing;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs complete</c>: prints the words that can follow, for the scripts of <c>koojobs completion</c>. Not in the help.</summary>
internal sealed class CompleteCommand : Command
{
    private readonly Argument<string> _line = new("LINE");

    /// <param name="parse">Parses the text of a command line without the name of the command.</param>
    public CompleteCommand(Func<string, ParseResult> parse)
        : base("complete")
    {
        Hidden = true;
        Add(_line);
        SetAction(parsed =>
        {
            foreach (string word in Words(parse, parsed.GetRequiredValue(_line)))
            {
                parsed.InvocationConfiguration.Output.WriteLine(word);
            }
        });
    }

    private static IEnumerable<string> Words(Func<string, ParseResult> parse, string line)
    {
        int name = line.IndexOf(' ', StringComparison.Ordinal);
        string arguments = name < 0 ? "" : line[(name + 1)..].TrimStart();
        string word = arguments[(arguments.LastIndexOf(' ') + 1)..];
        string[] before = arguments[..^word.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // The parser completes a value only after a space, so `--output=j` is parsed as `--output j`.
        string prefix = word[..((word.StartsWith('-') ? word.IndexOf('=', StringComparison.Ordinal) : -1) + 1)];
        string value = word[prefix.Length..];
        string text = prefix.Length == 0 ? arguments : $"{arguments[..^word.Length]}{prefix[..^1]} {value}";
        ParseResult parsed = parse(text);
        return before.Any(parsed.UnmatchedTokens.Contains) ? [] : parsed.GetCompletions(text.Length)
            .Select(completion => completion.InsertText ?? completion.Label)
            .Where(found => IsUseful(found, before))
            .Concat(word.StartsWith('-') ? Repeatable(parsed.CommandResult.Command) : [])
            .Where(found => found.StartsWith(value, StringComparison.Ordinal) && (prefix.Length == 0 || !found.StartsWith('-')))
            .Select(found => prefix + found)
            .Distinct();
    }

    // An option that was specified is not suggested again. The short form of an option duplicates its name.
    private static bool IsUseful(string word, string[] before) => word switch
    {
        ['/', ..] or ['-', _] => false,
        ['-', ..] => !before.Any(specified => specified.Split('=')[0] == word),
        _ => true,
    };

    private static IEnumerable<string> Repeatable(Command command) => command.Options.OfType<TextsOption>().Where(option => option.IsRepeatable).Select(option => option.Name);
}
