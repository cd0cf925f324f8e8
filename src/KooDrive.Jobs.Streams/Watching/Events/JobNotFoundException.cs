namespace KooDrive.Jobs.Streams;

/// <summary>A job that was asked for by id is not on the list: a complete look did not find it, or it was there and vanished.</summary>
/// <remarks>A watch with a type filter sees jobs of that type only. A job that was removed before it was seen to finish may have finished.</remarks>
public sealed class JobNotFoundException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="taskId">The id that was asked for.</param>
    /// <param name="lastSeen">The job as it was last seen, if it was.</param>
    public JobNotFoundException(string taskId, Job? lastSeen = null)
        : base(Describe(taskId, lastSeen), innerException: null)
    {
        TaskId = taskId;
        LastSeen = lastSeen;
    }

    /// <summary>The id that was asked for.</summary>
    public string TaskId { get; }

    /// <summary>The job as it was last seen; null when it never was.</summary>
    public Job? LastSeen { get; }

    private static string Describe(string taskId, Job? lastSeen) => lastSeen is null
        ? $"There is no job {taskId} on the list. Check the id, the account and the watch's type filter."
        : $"Job {taskId} is no longer on the list, and was not seen to finish. It was last seen as: {lastSeen}";
}
