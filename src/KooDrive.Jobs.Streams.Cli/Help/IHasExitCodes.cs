namespace KooDrive.Jobs.Streams.Cli.Help;

/// <summary>A command with exit codes that other commands do not have.</summary>
internal interface IHasExitCodes
{
    /// <summary>The codes and their meanings, in a line.</summary>
    public string ExitCodes { get; }
}
