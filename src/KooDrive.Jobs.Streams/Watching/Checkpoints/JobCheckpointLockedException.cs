namespace KooDrive.Jobs.Streams;

/// <summary>Another consumer uses the checkpoint, in this process or in another one. Nothing was read or changed.</summary>
public sealed class JobCheckpointLockedException : JobCheckpointException
{
    /// <summary>Creates the exception; the library does, and stores may.</summary>
    /// <param name="store">The store of the checkpoint; its <see cref="object.ToString"/> becomes part of the message.</param>
    /// <param name="innerException">The underlying failure, if any.</param>
    public JobCheckpointLockedException(IJobCheckpointStore store, Exception? innerException = null)
        : base(
            $"The checkpoint in {store} is in use by another consumer. A checkpoint belongs to one consumer: "
            + "stop the other one, or give this one a checkpoint of its own.",
            innerException)
    {
    }
}
