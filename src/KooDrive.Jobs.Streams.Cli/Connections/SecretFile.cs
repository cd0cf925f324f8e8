using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>A token or a secret in a file or on standard input. A secret is never an argument, which other users of the machine could read.</summary>
/// <param name="Option">The option that specifies the file, for messages.</param>
/// <param name="Path">The file; <c>-</c> for standard input.</param>
internal sealed record SecretFile(string Option, string Path)
{
    private const int MaxLength = 64 * 1024;

    /// <summary>Whether the file can be read again. Standard input cannot.</summary>
    public bool CanReadAgain => Path != "-";

    /// <summary>Reads the file and removes leading and trailing white space.</summary>
    /// <exception cref="MissingSecretException">The file does not exist in its folder, or contains only white space.</exception>
    /// <exception cref="CommandException">The file cannot be read or is too long, or standard input contains only white space.</exception>
    public async Task<string> ReadAsync(CommandEnvironment environment, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            // Opening a named pipe and reading the console block until another process writes. They run on another thread, so that neither Ctrl-C nor a timeout waits for them.
            text = await Task.Run(() => ReadTextAsync(environment, cancellationToken), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (FileNotFoundException exception)
        {
            throw new MissingSecretException($"{Option}: Cannot read '{Path}': {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"{Option}: Cannot read '{Path}': {exception.Message}", exception);
        }

        return text.Length switch
        {
            0 when CanReadAgain => throw new MissingSecretException($"{Option}: '{Path}' is empty. Write the secret to it."),
            0 => throw new CommandException($"{Option}: Standard input is empty. Write the secret to it."),
            > MaxLength => throw new CommandException($"{Option}: {(CanReadAgain ? $"'{Path}'" : "Standard input")} is longer than the maximum of {MaxLength} characters. Check the file name."),
            _ => text,
        };
    }

    private async Task<string> ReadTextAsync(CommandEnvironment environment, CancellationToken cancellationToken)
    {
        using TextReader? file = CanReadAgain ? new StreamReader(Path) : null;
        char[] buffer = new char[MaxLength + 1];
        int read = await (file ?? environment.Input).ReadBlockAsync(buffer, cancellationToken);
        return new string(buffer, 0, read).Trim();
    }
}

/// <summary>The exception for a file that another process may be about to write: it is missing or empty, and its folder exists.</summary>
internal sealed class MissingSecretException(string message, Exception? innerException = null) : CommandException(message, innerException);
