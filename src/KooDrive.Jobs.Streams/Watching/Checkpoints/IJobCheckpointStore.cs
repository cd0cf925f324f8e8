using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Where a durable consumer keeps how far it has come: <see cref="JobWatch.ProcessAsync(Func{JobEvent, CancellationToken, ValueTask}, IJobCheckpointStore, CancellationToken)"/>.
/// One store belongs to one consumer, and is used by one call at a time.
/// </summary>
/// <remarks>
/// A checkpoint is an opaque document of a few dozen bytes for each unfinished job and each of the newest jobs. It carries its version and a
/// checksum, so a store need not notice damage. It holds task ids and no credential.
/// </remarks>
public interface IJobCheckpointStore
{
    /// <summary>Locks the checkpoint for one consumer, before it is loaded and until the consumer has ended. A store that does not implement it has no lock.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The lock; disposing of it releases it. The operating system, or a lease, must release it after a crash.</returns>
    /// <exception cref="JobCheckpointLockedException">Another consumer holds the lock.</exception>
    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken) => new(CheckpointLock.None);

    /// <summary>Reads the checkpoint that was saved last.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The document as it was saved; null when there is none.</returns>
    public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the checkpoint. When it returns, the new one survives the process; when it does not, the old one is still whole.</summary>
    /// <param name="checkpoint">The document.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);
}
