namespace KooDrive.Jobs.Streams;

/// <summary>Keeps the checkpoint in a file that its owner alone may read.</summary>
/// <remarks>
/// A crash at any moment leaves the old checkpoint or the new one, whole: the new one is written beside the old, flushed to the disk, and
/// renamed over it. What a crash leaves beside it (the same name with <c>.new</c>) is overwritten by the next save. A power failure may bring the old
/// one back: then what was dealt with since comes again.
/// </remarks>
/// <example>
/// <code>
/// await watch.ProcessAsync(
///     async (happened, cancellationToken) => await SaveAsync(happened, cancellationToken),
///     new FileJobCheckpointStore("jobs.checkpoint"),
///     cancellationToken);
/// </code>
/// </example>
public sealed class FileJobCheckpointStore : IJobCheckpointStore
{
    private const int MostBytes = 256 * 1024 * 1024;

    private readonly string _aside;

    /// <summary>Makes the store. Neither the file nor its folder is touched yet.</summary>
    /// <param name="path">The file. Its folder must exist, and be writable.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    public FileJobCheckpointStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = Path.GetFullPath(path);
        _aside = FilePath + ".new";
    }

    /// <summary>The file, as a full path.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    /// <exception cref="JobCheckpointException">The file is far too large to be a checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            file = new FileStream(FilePath, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        await using (file.ConfigureAwait(false))
        {
            if (file.Length > MostBytes)
            {
                throw new JobCheckpointException(this, $"is {file.Length} bytes long, which no checkpoint is");
            }

            var checkpoint = new byte[file.Length];
            await file.ReadExactlyAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            return checkpoint;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written; the old one is still whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written; the old file is still whole.</exception>
    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        // Made anew, so that neither the rights nor the target of something that lies there under this name count.
        File.Delete(_aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(_aside, options);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(_aside, FilePath, overwrite: true);
    }

    /// <summary>The file, in words.</summary>
    public override string ToString() => $"the file {FilePath}";
}
