namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when a job that was requested by id is not on the list, or vanished from the list.</summary>
/// <remarks>A watch with a type filter observes jobs of that type only. A job that vanished may have finished after its last observation.</remarks>
public sealed class JobNotFoundException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="taskId">The requested task id.</param>
    /// <param name="lastObserved">The last observed state of the job; null, the default, when it was never observed.</param>
    public JobNotFoundException(string taskId, Job? lastObserved = null)
        : base(Describe(taskId, lastObserved), innerException: null)
    {
        TaskId = taskId;
        LastObserved = lastObserved;
    }

    /// <summary>The requested task id.</summary>
    public string TaskId { get; }

    /// <summary>The last observed state of the job; null when it was never observed.</summary>
    public Job? LastObserved { get; }

    private static string Describe(string taskId, Job? lastObserved) => lastObserved is null
        ? $"The list does not contain job {taskId}. Check the id, the account and the type filter of the watch."
        : $"Job {taskId} is no longer on the list, and was not observed to finish. Its last observed state is: {lastObserved}. "
            + "It may have finished before it was removed: check its result on the server.";
}
