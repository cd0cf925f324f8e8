using System.CommandLine;

namespace KooDrive.Jobs.Streams.Cli.Parsing;

/// <summary>An option whose value is text, and that can be specified several times if it is repeatable.</summary>
internal sealed class TextsOption : Option<string[]>
{
    public TextsOption(string name, bool isRepeatable)
        : base(name)
    {
        IsRepeatable = isRepeatable;

        // An array is not parsed from a single value with another arity.
        Arity = ArgumentArity.OneOrMore;
        Validators.Add(result =>
        {
            if (!isRepeatable && result.Tokens.Count > 1)
            {
                result.AddError($"{name} is specified more than once. Specify it once.");
            }
        });
    }

    public bool IsRepeatable { get; }
}
