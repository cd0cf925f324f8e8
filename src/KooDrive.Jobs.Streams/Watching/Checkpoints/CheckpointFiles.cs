namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>The file system.</summary>
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
            // Unlike Move, it never copies where it cannot rename: a copy is neither atomic nor flushed.
            File.Replace(path, target, destinationBackupFileName: null);
        }
    }
}
