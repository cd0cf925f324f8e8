using System.CommandLine;

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

    // Options that were specified are not suggested again, and the short form of an option duplicates its name.
    private static IEnumerable<string> Words(Func<string, ParseResult> parse, string line)
    {
        int name = line.IndexOf(' ', StringComparison.Ordinal);
        string arguments = name < 0 ? "" : line[(name + 1)..].TrimStart();
        string word = arguments[(arguments.LastIndexOf(' ') + 1)..];
        string[] before = arguments[..^word.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parse(arguments).GetCompletions(arguments.Length)
            .Select(completion => completion.InsertText ?? completion.Label)
            .Where(text => text.StartsWith(word, StringComparison.Ordinal) && !(text.StartsWith('-') && (text.Length == 2 || before.Contains(text))) && !text.StartsWith('/'))
            .Distinct();
    }
}
