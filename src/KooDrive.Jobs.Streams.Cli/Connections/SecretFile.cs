namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>A token or a secret in a file, or on standard input: never an argument, where other users of the machine could read it.</summary>
/// <param name="Option">The option that named the file, for messages.</param>
/// <param name="Path">The file; <c>-</c> for standard input.</param>
internal sealed record SecretFile(string Option, string Path)
{
    private const int MaxLength = 64 * 1024;

    /// <summary>Standard input can be read but once.</summary>
    public bool CanReadAgain => Path != "-";

    /// <summary>Whether another process may be about to write the file: it is missing or empty, and its folder exists.</summary>
    public bool MayBeWrittenSoon
    {
        get
        {
            var file = new FileInfo(System.IO.Path.GetFullPath(Path));
            return CanReadAgain && file.Directory is { Exists: true } && (!file.Exists || file.Length == 0) && !Directory.Exists(Path);
        }
    }

    /// <summary>The content without the white space around it.</summary>
    /// <exception cref="CommandException">The file cannot be read, is empty or is no secret by its size.</exception>
    public async Task<string> ReadAsync(CommandEnvironment environment, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            using TextReader? file = CanReadAgain ? new StreamReader(Path) : null;
            text = await ReadAsync(file ?? environment.Input, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"{Option}: cannot read '{Path}': {exception.Message}", exception);
        }

        return text.Length switch
        {
            0 => throw new CommandException($"{Option}: {Name} is empty."),
            > MaxLength => throw new CommandException($"{Option}: {Name} is longer than {MaxLength} characters: that is no token."),
            _ => text,
        };
    }

    private string Name => CanReadAgain ? $"'{Path}'" : "standard input";

    private static async Task<string> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[MaxLength + 1];

        // The console's reader blocks until somebody types, so it gets a thread of its own, and Ctrl-C does not wait for it.
        int read = await Task.Run(() => reader.ReadBlockAsync(buffer, cancellationToken).AsTask(), cancellationToken).WaitAsync(cancellationToken);
        return new string(buffer, 0, read).Trim();
    }
}
