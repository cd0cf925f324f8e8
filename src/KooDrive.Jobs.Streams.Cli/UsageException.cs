namespace KooDrive.Jobs.Streams.Cli;

/// <summary>The command line or the environment is wrong. Each message names the option.</summary>
internal sealed class UsageException(IEnumerable<string> messages, string? command = null) : Exception(string.Join(Environment.NewLine, messages))
{
    public UsageException(string message)
        : this([message])
    {
    }

    /// <param name="source">The option or variable that the refused value came from.</param>
    /// <param name="refusal">Why it was refused.</param>
    public UsageException(string source, ArgumentException refusal)
        : this($"{source}: {refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal)}")
    {
    }

    /// <summary>The command whose help tells more, e.g. <c>koojobs list</c>; null when the messages say it all.</summary>
    public string? Command { get; } = command;
}
