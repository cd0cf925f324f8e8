namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>The lock that a consumer holds on a checkpoint; without a file, no lock.</summary>
internal sealed class CheckpointLock(FileStream? file = null) : IAsyncDisposable
{
    public static CheckpointLock None { get; } = new();

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
