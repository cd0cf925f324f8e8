using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams;

/// <summary>Keeps the checkpoint in a file that its owner alone may read.</summary>
/// <remarks>
/// <para>
/// A crash at any moment leaves the old checkpoint or the new one, whole: the new one is written beside the old, flushed to the disk, and
/// renamed over it. What a crash leaves beside it (the same name with <c>.new</c>) is overwritten by the next save. A power failure may bring the old
/// one back: then what was dealt with since comes again. A symbolic link is followed: its target is replaced, and the link stays.
/// </para>
/// <para>
/// Where an existing file cannot be replaced, because it is a mount point (a bind mount of a single file into a container) or no file can be created in its
/// folder, the guarantee is weaker: the checkpoint is written in place and flushed to the disk. A crash during that write can leave a damaged checkpoint,
/// which the watch rejects (<see cref="JobCheckpointException"/>). Mount the folder instead.
/// </para>
/// <para>
/// An empty file is no checkpoint: a file can be created to be mounted. A named pipe or a device is rejected.
/// </para>
/// <para>
/// While a consumer runs, it holds a lock on an empty file beside the checkpoint (the same name with <c>.lock</c>), which stays. The operating system
/// releases the lock when the process ends, however it ends. A second consumer fails with a <see cref="JobCheckpointLockedException"/>. The lock does not
/// keep apart containers that mount the same single file, machines whose network file system has no locks, and processes for which no file can be created in
/// the folder.
/// </para>
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

    private readonly ICheckpointFiles _files;

    /// <summary>Makes the store. Neither the file nor its folder is touched yet.</summary>
    /// <param name="path">The file. Its folder must exist, and be writable.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or no path.</exception>
    public FileJobCheckpointStore(string path)
        : this(path, CheckpointFiles.Instance)
    {
    }

    internal FileJobCheckpointStore(string path, ICheckpointFiles files)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = Path.GetFullPath(path);
        _files = files;
    }

    /// <summary>The file, as a full path.</summary>
    public string FilePath { get; }

    /// <summary>The file that <see cref="FilePath"/> leads to: another one where it is a symbolic link. Its target need not exist.</summary>
    private string Target =>
        new FileInfo(FilePath).LinkTarget is null ? FilePath : File.ResolveLinkTarget(FilePath, returnFinalTarget: true)!.FullName;

    /// <inheritdoc/>
    /// <exception cref="JobCheckpointLockedException">Another consumer uses the file.</exception>
    /// <exception cref="IOException">The folder does not exist.</exception>
    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(new CheckpointLock(_files.Open(Target + ".lock", Private(FileMode.OpenOrCreate))));
        }
        catch (IOException exception) when (FileErrors.IsLocked(exception))
        {
            throw new JobCheckpointLockedException(this, exception);
        }
        catch (Exception exception) when (FileErrors.PreventsReplacement(exception))
        {
            // A folder in which nothing can be created does not keep the file in it from being a checkpoint.
            return new(CheckpointLock.None);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JobCheckpointException">The file is far too large to be a checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            // Not opened: to open a named pipe, which is empty too, may block forever.
            if (IsEmpty(Target))
            {
                return null;
            }

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
    /// <exception cref="IOException">The file cannot be written; the old one is still whole, unless it is written in place.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old one is still whole.</exception>
    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        string target = Target;
        string aside = target + ".new";
        if (IsEmpty(target))
        {
            ThrowIfNotFile(target);
        }

        try
        {
            // A new file, so that neither the permissions nor the target of an existing file with this name count.
            File.Delete(aside);
            await WriteAsync(aside, FileMode.CreateNew, checkpoint, cancellationToken).ConfigureAwait(false);
            _files.Replace(aside, target);
        }
        catch (Exception exception) when (FileErrors.PreventsReplacement(exception) && File.Exists(target))
        {
            // Not to be canceled: half of it would be a damaged checkpoint.
            cancellationToken.ThrowIfCancellationRequested();
            await WriteAsync(target, FileMode.Open, checkpoint, CancellationToken.None).ConfigureAwait(false);
            DeleteIfPossible(aside);
        }
    }

    /// <summary>The file, in words.</summary>
    public override string ToString() => $"the file {FilePath}";

    private async Task WriteAsync(string path, FileMode mode, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        FileStream file = _files.Open(path, Private(mode));
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);

            // Last, so that a crash before leaves no shorter file than the old one.
            file.SetLength(checkpoint.Length);
            file.Flush(flushToDisk: true);
        }
    }

    // For its owner alone, and for one process at a time.
    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static bool IsEmpty(string path) => new FileInfo(path) is { Exists: true, Length: 0 };

    // Pipes and devices are empty too. Nothing may take the place of a device: an administrator can replace /dev/null.
    private static void ThrowIfNotFile(string path)
    {
        try
        {
            // For both, because a named pipe that is opened for writing alone blocks until it has a reader.
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (file.CanSeek)
            {
                file.SetLength(0);
                return;
            }
        }
        catch (Exception exception) when (FileErrors.PreventsReplacement(exception))
        {
            // The save reports what is wrong with it.
            return;
        }
        catch (IOException exception) when (FileErrors.IsDevice(exception))
        {
        }

        throw new IOException($"'{path}' is a pipe or a device and not a file.");
    }

    private static void DeleteIfPossible(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (FileErrors.PreventsReplacement(exception))
        {
            // The folder is read-only, so nothing was created there.
        }
    }
}
