using System.CommandLine;
using System.CommandLine.Completions;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs help</c>: prints the help of a command, or the names of the codes.</summary>
internal sealed class HelpCommand : Command, IHasExamples
{
    private const string Names = "names";

    private readonly Argument<string?> _topic = new("COMMAND")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"A command, or {Names} for the names of codes",
    };

    private readonly CommandEnvironment _environment;

    public HelpCommand(CommandEnvironment environment)
        : base("help", "Shows the arguments and the options of a command")
    {
        _environment = environment;
        _topic.CompletionSources.Add(_ => Topics.Select(topic => new CompletionItem(topic)));
        _topic.Validators.Add(result =>
        {
            string topic = result.Tokens[0].Value;
            if (!Topics.Contains(topic))
            {
                result.AddError(Mistakes.Describe(topic, Topics));
            }
        });
        Add(_topic);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs help watch", "koojobs help names"];

    private IEnumerable<Command> Commands => Parents.OfType<Command>().SelectMany(root => root.Subcommands).Where(command => !command.Hidden);

    private IEnumerable<string> Topics => [.. Commands.Select(command => command.Name), Names];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using StreamWriter output = _environment.CreateOutputWriter();
        string? topic = parsed.GetValue(_topic);
        if (topic == Names)
        {
            CodeNamesHelp.Write(output);
        }
        else
        {
            CommandHelp.Write(Commands.FirstOrDefault(command => command.Name == topic) ?? Parents.OfType<Command>().Single(), output);
        }

        return ExitCode.Success;
    }
}
