namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>The exception for a local failure, such as a file that cannot be read. Neither the server nor the command line is the cause.</summary>
internal class CommandException(string message, Exception? innerException = null) : Exception(message, innerException);
