namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>The exception for a command line or an environment variable that is not valid. Each message names the option.</summary>
internal sealed class UsageException(IEnumerable<string> messages, string? command = null) : Exception(string.Join(Environment.NewLine, messages))
{
    public UsageException(string message)
        : this([message])
    {
    }

    /// <param name="source">The option or the variable of the rejected value.</param>
    /// <param name="rejection">The exception that describes why the value was rejected.</param>
    public UsageException(string source, ArgumentException rejection)
        : this($"{source}: {rejection.Message.Replace($" (Parameter '{rejection.ParamName}')", "", StringComparison.Ordinal)}")
    {
    }

    /// <summary>The command whose help the message recommends, e.g. <c>koojobs list</c>; null for no recommendation.</summary>
    public string? Command { get; } = command;
}
