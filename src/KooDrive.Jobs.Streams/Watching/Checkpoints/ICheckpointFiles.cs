namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>The file operations on which the durability of a checkpoint depends, so that a test can observe their order.</summary>
internal interface ICheckpointFiles
{
    /// <summary>Opens a file. Its own <see cref="FileStream.Flush(bool)"/> writes it to the disk.</summary>
    public FileStream Open(string path, FileStreamOptions options);

    /// <summary>Renames a file to a name that another file may have, which it replaces.</summary>
    /// <exception cref="IOException">It cannot be renamed; both files are unchanged.</exception>
    public void Replace(string path, string target);
}

/// <summary>The file operations of the file system.</summary>
internal sealed class CheckpointFiles : ICheckpointFiles
{
    private CheckpointFiles()
    {
    }

    public static CheckpointFiles Instance { get; } = new();

    public FileStream Open(string path, FileStreamOptions options) => new(path, options);

    public void Replace(string path, string target)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(target))
        {
            File.Move(path, target, overwrite: true);
        }
        else
        {
            // Unlike Move, Replace never copies when it cannot rename: a copy is neither atomic nor flushed.
            File.Replace(path, target, destinationBackupFileName: null);
        }
    }
}

/// <summary>The lock that a consumer holds on a checkpoint; without a file, no lock.</summary>
internal sealed class CheckpointLock(FileStream? file = null) : IAsyncDisposable
{
    public static CheckpointLock None { get; } = new();

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
