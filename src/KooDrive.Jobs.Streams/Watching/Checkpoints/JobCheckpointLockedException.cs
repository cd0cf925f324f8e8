namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when another consumer uses the checkpoint, in this process or in another process. The checkpoint is unchanged.</summary>
public sealed class JobCheckpointLockedException : JobCheckpointException
{
    /// <summary>Creates the exception, for the library and for stores.</summary>
    /// <param name="store">The store of the checkpoint; its <see cref="object.ToString"/> becomes part of the message.</param>
    /// <param name="innerException">The underlying exception; null (the default) means none.</param>
    public JobCheckpointLockedException(IJobCheckpointStore store, Exception? innerException = null)
        : base(
            $"The checkpoint in {store} is in use by another consumer. A checkpoint belongs to one consumer: "
            + "stop the other consumer, or use a separate checkpoint.",
            innerException)
    {
    }
}
