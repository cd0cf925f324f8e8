using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

/// <summary>Real files that record the order of writes to the disk and renames, and whose renames can fail.</summary>
internal sealed class RecordedFiles : ICheckpointFiles
{
    /// <summary>The recorded steps, with the names of the files.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>Thrown when a file of that name is created.</summary>
    public Func<string, Exception?> OnOpen { get; init; } = _ => null;

    /// <summary>Thrown instead of renaming.</summary>
    public Exception? OnReplace { get; init; }

    public FileStream Open(string path, FileStreamOptions options) => OnOpen(path) is { } exception ? throw exception : new RecordedFile(path, options, Steps);

    public void Replace(string path, string target)
    {
        Steps.Add($"replace {Path.GetFileName(target)}");
        if (OnReplace is not null)
        {
            throw OnReplace;
        }

        CheckpointFiles.Instance.Replace(path, target);
    }

    private sealed class RecordedFile(string path, FileStreamOptions options, List<string> steps) : FileStream(path, options)
    {
        public override void Flush(bool flushToDisk)
        {
            base.Flush(flushToDisk);
            if (flushToDisk)
            {
                steps.Add($"flush {Length} bytes of {Path.GetFileName(Name)}");
            }
        }
    }
}
