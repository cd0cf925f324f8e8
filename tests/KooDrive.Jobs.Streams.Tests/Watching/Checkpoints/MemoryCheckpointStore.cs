namespace KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

/// <summary>Keeps the checkpoint in memory, and fails on request.</summary>
internal sealed class MemoryCheckpointStore : IJobCheckpointStore
{
    public ReadOnlyMemory<byte>? Checkpoint { get; set; }

    public int Saves { get; private set; }

    public Action? BeforeSave { get; set; }

    public Action? AfterSave { get; set; }

    public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken) => new(Checkpoint);

    public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        BeforeSave?.Invoke();
        Checkpoint = checkpoint;
        Saves++;
        AfterSave?.Invoke();
        return ValueTask.CompletedTask;
    }

    public override string ToString() => "the test's memory";
}
