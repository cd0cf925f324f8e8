namespace KooDrive.Jobs.Streams.Cli;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was asked for was done.</summary>
    public const int Done = 0;

    /// <summary>The server was unreachable, refused or answered nonsense, or something here failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or its environment is wrong; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary><c>wait</c>: all have finished, not all with every file succeeded.</summary>
    public const int NotAllSucceeded = 3;

    /// <summary><c>wait</c>: the time was up first.</summary>
    public const int TimedOut = 4;

    /// <summary>Ctrl-C or a request to terminate; what was read by then has been printed.</summary>
    public const int Interrupted = 130;
}
