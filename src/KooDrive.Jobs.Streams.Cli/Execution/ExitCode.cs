namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>The exit codes of the command.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The server was unreachable, rejected the request or sent an invalid response, or a local operation failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or an environment variable is not valid. No request was sent.</summary>
    public const int Usage = 2;

    /// <summary><c>wait</c>: all jobs finished, but at least one did not succeed with every file.</summary>
    public const int NotAllSucceeded = 3;

    /// <summary><c>wait</c>: the timeout elapsed before all jobs finished.</summary>
    public const int TimedOut = 4;

    /// <summary>Ctrl-C or SIGTERM ended the command. The data that was read before has been printed.</summary>
    public const int Interrupted = 130;
}
