namespace KooDrive.Jobs.Streams.Cli;

/// <summary>The command cannot go on, for a reason that is neither the server's nor the command line's.</summary>
internal sealed class CommandException(string message, Exception? innerException = null) : Exception(message, innerException);
