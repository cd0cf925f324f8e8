namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when a checkpoint is damaged, has another version, or belongs to another watch. The checkpoint is unchanged.</summary>
public class JobCheckpointException : Exception
{
    /// <summary>Creates the exception, for the library and for stores.</summary>
    /// <param name="store">The store of the checkpoint; its <see cref="object.ToString"/> becomes part of the message.</param>
    /// <param name="problem">The problem, as the rest of a sentence that starts with the store.</param>
    /// <param name="innerException">The underlying exception; null (the default) means none.</param>
    public JobCheckpointException(IJobCheckpointStore store, string problem, Exception? innerException = null)
        : base(
            $"The checkpoint in {store} {problem}. To start again, delete the checkpoint: the jobs on the list then become the initial snapshot, "
            + "and changes since the checkpoint are not delivered.",
            innerException)
    {
    }

    private protected JobCheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
