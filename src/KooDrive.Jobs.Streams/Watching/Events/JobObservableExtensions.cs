using System.Reactive.Linq;

namespace KooDrive.Jobs.Streams;

/// <summary>Operators that filter <see cref="JobWatch.Changes"/>.</summary>
public static class JobObservableExtensions
{
    /// <summary>Returns the changes in which jobs finish, with any result: <see cref="JobChange.JustFinished"/>.</summary>
    /// <param name="changes">The changes.</param>
    /// <returns>The filtered changes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="changes"/> is null.</exception>
    public static IObservable<JobChange> WhereJustFinished(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustFinished);
    }

    /// <summary>Returns the changes in which jobs finish and every file succeeded: <see cref="JobChange.JustSucceeded"/>.</summary>
    /// <param name="changes">The changes.</param>
    /// <returns>The filtered changes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="changes"/> is null.</exception>
    public static IObservable<JobChange> WhereJustSucceeded(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustSucceeded);
    }

    /// <summary>Returns the changes in which jobs finish and not every file succeeded: <see cref="JobChange.JustFailed"/>.</summary>
    /// <param name="changes">The changes.</param>
    /// <returns>The filtered changes.</returns>
    /// <remarks>Includes canceled jobs and completed jobs without a result.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="changes"/> is null.</exception>
    public static IObservable<JobChange> WhereJustFailed(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustFailed);
    }

    /// <summary>Returns the changes of jobs of one type.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="type">The type.</param>
    /// <returns>The filtered changes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="changes"/> is null.</exception>
    public static IObservable<JobChange> WhereType(this IObservable<JobChange> changes, JobType type)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.Job.Type == type);
    }

    /// <summary>Returns the changes of one job.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="taskId">The task id.</param>
    /// <returns>The filtered changes.</returns>
    /// <remarks>Unlike <see cref="JobWatch.ObserveJob"/>, the result does not start with the current state and does not complete when the job finishes.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="changes"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    public static IObservable<JobChange> WhereJob(this IObservable<JobChange> changes, string taskId)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return changes.Where(change => change.Job.TaskId == taskId);
    }
}
