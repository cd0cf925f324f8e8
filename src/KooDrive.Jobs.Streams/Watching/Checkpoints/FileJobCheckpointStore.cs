using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams;

/// <summary>A checkpoint store in a file that only its owner can read.</summary>
/// <remarks>
/// <para>
/// After a crash, the file contains the old or the new checkpoint: the new checkpoint is written to a temporary file (the same name with <c>.new</c>), flushed to
/// the disk, and renamed. The next save overwrites a temporary file that a crash left. A power failure may restore the old checkpoint: then the events since
/// are delivered again. If the path is a symbolic link, its target is replaced, and the link stays.
/// </para>
/// <para>
/// An existing file cannot be replaced when it is a mount point (a bind mount of a single file into a container) or no file can be created in its folder. Then
/// the guarantee is weaker: the checkpoint is written in place and flushed to the disk. A crash during that write can leave a damaged checkpoint, which the
/// watch rejects (<see cref="JobCheckpointException"/>). Mount the folder instead.
/// </para>
/// <para>
/// An empty file counts as no checkpoint, so that a file can be created in order to be mounted. A named pipe or a device is rejected.
/// </para>
/// <para>
/// A running consumer holds a lock on an empty file (the same name with <c>.lock</c>), which is not deleted. The operating system releases the lock when the
/// process ends. A second consumer fails with a <see cref="JobCheckpointLockedException"/>. The lock has no effect between containers that mount the same single
/// file, between machines whose network file system has no locks, and in processes that cannot create a file in the folder.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// await watch.ProcessAsync(
///     async (next, cancellationToken) => await SaveAsync(next, cancellationToken),
///     new FileJobCheckpointStore("jobs.checkpoint"),
///     cancellationToken);
/// </code>
/// </example>
public sealed class FileJobCheckpointStore : IJobCheckpointStore
{
    private const int MaxBytes = 256 * 1024 * 1024;

    private readonly ICheckpointFiles _files;

    /// <summary>Creates the store without access to the file system.</summary>
    /// <param name="path">The path of the file, absolute or relative to the current directory. Its folder must exist and be writable.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or not a path.</exception>
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

    /// <summary>The full path of the file.</summary>
    public string FilePath { get; }

    /// <summary>The target of <see cref="FilePath"/> if that is a symbolic link, else <see cref="FilePath"/>. The target need not exist.</summary>
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
            // A folder in which no file can be created can still contain a checkpoint.
            return new(CheckpointLock.None);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JobCheckpointException">The file is larger than 256 MiB and therefore not a checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            // The open of a named pipe, which is empty too, may block forever.
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
            if (file.Length > MaxBytes)
            {
                throw new JobCheckpointException(this, $"is {file.Length} bytes long, more than the maximum of {MaxBytes} bytes");
            }

            byte[] checkpoint = new byte[file.Length];
            await file.ReadExactlyAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            return checkpoint;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written; the old checkpoint is intact, unless the file is written in place.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the old checkpoint is intact.</exception>
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
            // A new file, so that the permissions and the link target of an existing file with this name have no effect.
            File.Delete(aside);
            await WriteAsync(aside, FileMode.CreateNew, checkpoint, cancellationToken).ConfigureAwait(false);
            _files.Replace(aside, target);
        }
        catch (Exception exception) when (FileErrors.PreventsReplacement(exception) && File.Exists(target))
        {
            // Not cancelable: a partial write would be a damaged checkpoint.
            cancellationToken.ThrowIfCancellationRequested();
            await WriteAsync(target, FileMode.Open, checkpoint, CancellationToken.None).ConfigureAwait(false);
            DeleteIfPossible(aside);
        }
    }

    /// <summary>Returns the path of the file for messages.</summary>
    public override string ToString() => $"the file {FilePath}";

    private async Task WriteAsync(string path, FileMode mode, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        FileStream file = _files.Open(path, Private(mode));
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);

            // Last, so that a crash does not leave a file shorter than the old one.
            file.SetLength(checkpoint.Length);
            file.Flush(flushToDisk: true);
        }
    }

    // Accessible to its owner only, and by one process at a time.
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

    // Pipes and devices are empty too. A device must not be replaced: a process of an administrator could replace /dev/null.
    private static void ThrowIfNotFile(string path)
    {
        try
        {
            // Read and write, because a named pipe that is opened only for writing blocks until it has a reader.
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (file.CanSeek)
            {
                file.SetLength(0);
                return;
            }
        }
        catch (Exception exception) when (FileErrors.PreventsReplacement(exception))
        {
            // The save reports the error.
            return;
        }
        catch (IOException exception) when (FileErrors.IsDevice(exception))
        {
        }

        throw new IOException($"The path '{path}' is a pipe or a device. Set the path of a file.");
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
