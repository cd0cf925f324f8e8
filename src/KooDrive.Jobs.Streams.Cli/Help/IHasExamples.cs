namespace KooDrive.Jobs.Streams.Cli.Help;

/// <summary>A command with examples in its help.</summary>
internal interface IHasExamples
{
    /// <summary>Command lines.</summary>
    public IReadOnlyList<string> Examples { get; }
}
