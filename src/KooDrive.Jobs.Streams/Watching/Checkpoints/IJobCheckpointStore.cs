using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// The store of the checkpoint from which a durable consumer resumes:
/// <see cref="JobWatch.ProcessAsync(Func{JobEvent, CancellationToken, ValueTask}, IJobCheckpointStore, CancellationToken)"/>.
/// </summary>
/// <remarks>
/// A store belongs to one consumer, which makes one call at a time. A checkpoint is an opaque document of a few dozen bytes for each unfinished job and each of
/// the newest jobs. It contains a version and a checksum, so a store need not detect damage. It contains task ids and no credential.
/// </remarks>
public interface IJobCheckpointStore
{
    /// <summary>Locks the checkpoint for one consumer, from before the load until the consumer has ended.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The lock; its disposal releases it. The operating system or a lease must release it after a crash.</returns>
    /// <remarks>The default implementation does not lock.</remarks>
    /// <exception cref="JobCheckpointLockedException">Another consumer holds the lock.</exception>
    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken) => new(CheckpointLock.None);

    /// <summary>Returns the checkpoint that was saved last.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The document; null or an empty document when there is none.</returns>
    public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the checkpoint.</summary>
    /// <param name="checkpoint">The document.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <remarks>
    /// <para>
    /// After the return, the new checkpoint must survive the end of the process. After an exception, the old checkpoint must be intact.
    /// </para>
    /// <para>
    /// Called after the handler has returned for the last event of a poll, even when these events did not change the checkpoint. So a store can commit what the
    /// handler wrote and the checkpoint in one transaction, and each event takes effect exactly once. Such a store needs
    /// <see cref="JobProcessingOptions.MaxSaveRetries"/> or <see cref="HostedJobWatchOptions.MaxSaveRetries"/> 0: a retry would save the checkpoint without what
    /// the handler wrote.
    /// </para>
    /// </remarks>
    public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);
}
