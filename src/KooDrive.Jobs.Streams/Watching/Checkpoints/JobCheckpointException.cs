namespace KooDrive.Jobs.Streams;

/// <summary>A stored checkpoint cannot be used: it is damaged, of another version, or no checkpoint of this watch. Nothing was changed.</summary>
public class JobCheckpointException : Exception
{
    /// <summary>Makes the exception; the library does, and stores may.</summary>
    /// <param name="store">Where the checkpoint is; its <see cref="object.ToString"/> becomes part of the message.</param>
    /// <param name="problem">What is wrong with it, as the rest of a sentence that begins with the store.</param>
    /// <param name="innerException">The failure beneath, if any.</param>
    public JobCheckpointException(IJobCheckpointStore store, string problem, Exception? innerException = null)
        : base(
            $"The checkpoint in {store} {problem}. To start afresh, delete it: the jobs then on the list are history, "
            + "and what happened since the checkpoint is not told.",
            innerException)
    {
    }

    private protected JobCheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
