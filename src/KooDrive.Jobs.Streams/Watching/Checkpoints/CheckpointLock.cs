namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>The lock of a checkpoint that one consumer holds; without a file there is nothing to lock.</summary>
internal sealed class CheckpointLock(FileStream? file = null) : IAsyncDisposable
{
    public static CheckpointLock None { get; } = new();

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
