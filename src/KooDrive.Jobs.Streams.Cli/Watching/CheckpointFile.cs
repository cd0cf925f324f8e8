using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>The file of <c>--checkpoint</c>. Error messages name the option and the remedy.</summary>
internal sealed class CheckpointFile : IJobCheckpointStore
{
    public const string Option = "--checkpoint";

    // The same retries as those of a handler of a hosted watch, 31 seconds in total.
    private const int MaxRetries = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly FileJobCheckpointStore _file;
    private readonly Func<string, ValueTask> _report;
    private readonly TimeProvider _time;
    private bool _hasSaved;

    private CheckpointFile(FileJobCheckpointStore file, Func<string, ValueTask> report, TimeProvider time)
    {
        _file = file;
        _report = report;
        _time = time;
    }

    /// <summary>Creates a store for the file without accessing the file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="report">Receives a line before each retry.</param>
    /// <param name="time">The clock of the delays before retries.</param>
    /// <exception cref="UsageException">The path is not valid.</exception>
    public static CheckpointFile Open(string path, Func<string, ValueTask> report, TimeProvider time)
    {
        try
        {
            return new CheckpointFile(new FileJobCheckpointStore(path), report, time);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Option, exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CommandException">The lock file cannot be created or opened.</exception>
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

    /// <summary>Saves the checkpoint. After the first successful save, a failed save is retried, because the failure may be transient.</summary>
    /// <param name="checkpoint">The document.</param>
    /// <param name="cancellationToken">Cancels the save and any delay before a retry.</param>
    /// <exception cref="CommandException">The file cannot be written. Its previous content is unchanged.</exception>
    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        TimeSpan delay = RetryDelay;
        for (int retry = 1; !await TrySaveAsync(checkpoint, canRetry: _hasSaved && retry <= MaxRetries, retry, delay, cancellationToken); retry++)
        {
            await Task.Delay(delay, _time, cancellationToken);
            delay *= 2;
        }

        _hasSaved = true;
    }

    /// <summary>Returns a description of the file for log messages.</summary>
    public override string ToString() => _file.ToString();

    private async ValueTask<bool> TrySaveAsync(
        ReadOnlyMemory<byte> checkpoint, bool canRetry, int retry, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await _file.SaveAsync(checkpoint, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CommandException failure = Explain("write", exception);
            if (!canRetry)
            {
                throw failure;
            }

            await _report($"koojobs: {PlainText.OneLine(failure.Message)} Retry {retry} of {MaxRetries} in {delay.TotalSeconds} s.");
            return false;
        }
    }

    private CommandException Explain(string operation, Exception exception) => new(
        $"{Option}: Cannot {operation} '{_file.FilePath}': {exception.Message.TrimEnd('.')}. Specify a file that you can read and write, in an existing folder that you can write to.",
        exception);
}
