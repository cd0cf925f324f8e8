namespace KooDrive.Jobs.Streams.Cli;

/// <summary>The file of <c>--checkpoint</c>: what goes wrong with it is said with the option's name and what to do.</summary>
internal sealed class CheckpointFile : IJobCheckpointStore
{
    public const string Option = "--checkpoint";

    private readonly FileJobCheckpointStore _file;

    private CheckpointFile(FileJobCheckpointStore file) => _file = file;

    /// <summary>Takes the file's name; the file itself is not touched yet.</summary>
    /// <exception cref="UsageException">The name is no name of a file.</exception>
    public static CheckpointFile Open(string path)
    {
        try
        {
            return new CheckpointFile(new FileJobCheckpointStore(path));
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Option, exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CommandException">The folder of the file cannot be used.</exception>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _file.LockAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain("read", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _file.LoadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain("read", exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CommandException">The file cannot be written; the old one is still whole.</exception>
    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await _file.SaveAsync(checkpoint, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain("write", exception);
        }
    }

    /// <summary>The file, in words.</summary>
    public override string ToString() => _file.ToString();

    private CommandException Explain(string act, Exception exception) => new(
        $"{Option}: cannot {act} '{_file.FilePath}': {exception.Message.TrimEnd('.')}. Name a file that you may read and write, in a folder that exists and that you may write to.",
        exception);
}
