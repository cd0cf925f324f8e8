using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>The file of <c>--checkpoint</c>: what goes wrong with it is said with the option's name and what to do.</summary>
internal sealed class CheckpointFile : IJobCheckpointStore
{
    public const string Option = "--checkpoint";

    // The retries of a handler of a hosted watch: half a minute altogether.
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

    /// <summary>Takes the file's name; the file itself is not touched yet.</summary>
    /// <param name="path">The name.</param>
    /// <param name="report">Receives a line before each retry.</param>
    /// <param name="time">The clock of the delays before retries.</param>
    /// <exception cref="UsageException">The name is no name of a file.</exception>
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

    /// <summary>Saves the checkpoint. After a first success a save that fails is retried: the disk may be full for a moment.</summary>
    /// <param name="checkpoint">The document.</param>
    /// <param name="cancellationToken">Cancels the save and any delay before a retry.</param>
    /// <exception cref="CommandException">The file cannot be written; the old one is still whole.</exception>
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

    /// <summary>The file, in words.</summary>
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

    private CommandException Explain(string act, Exception exception) => new(
        $"{Option}: cannot {act} '{_file.FilePath}': {exception.Message.TrimEnd('.')}. Name a file that you may read and write, in a folder that exists and that you may write to.",
        exception);
}
