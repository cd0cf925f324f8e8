using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Help;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs completion</c>: prints the script that completes command lines in a shell.</summary>
internal sealed class CompletionCommand : Command, IHasExamples
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh" };

    public CompletionCommand()
        : base("completion", "Prints the completion script of a shell and how to install it")
    {
        _shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        _shell.Validators.Add(result =>
        {
            if (!CompletionScripts.Shells.Contains(result.Tokens[0].Value))
            {
                result.AddError($"SHELL: '{result.Tokens[0].Value}' is not one of {string.Join(", ", CompletionScripts.Shells)}.");
            }
        });
        Add(_shell);
        SetAction(parsed => parsed.InvocationConfiguration.Output.Write(CompletionScripts.For(parsed.GetRequiredValue(_shell))));
    }

    public IReadOnlyList<string> Examples { get; } = ["source <(koojobs completion bash)"];
}
