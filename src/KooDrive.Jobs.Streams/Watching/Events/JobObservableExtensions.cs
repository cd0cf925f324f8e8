using System.Reactive.Linq;

namespace KooDrive.Jobs.Streams;

/// <summary>Picks changes out of <see cref="JobWatch.Changes"/>.</summary>
public static class JobObservableExtensions
{
    /// <summary>
    /// Jobs at the moment when they finish, with whatever result. Once for each time, unlike the state <see cref="Job.IsFinished"/>, which later
    /// changes of a finished job have too.
    /// </summary>
    /// <param name="changes">The changes.</param>
    public static IObservable<JobChange> WhereJustFinished(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustFinished);
    }

    /// <summary>Returns the changes by which jobs finish with every file succeeded: <see cref="JobChange.JustSucceeded"/>.</summary>
    /// <param name="changes">The changes.</param>
    public static IObservable<JobChange> WhereJustSucceeded(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustSucceeded);
    }

    /// <summary>
    /// Jobs at the moment when they finish otherwise than with every file succeeded: canceled, partially failed, failed, or completed without
    /// a result. <see cref="JobStatus.Completed"/> alone says nothing about success.
    /// </summary>
    /// <param name="changes">The changes.</param>
    public static IObservable<JobChange> WhereJustFailed(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustFailed);
    }

    /// <summary>Changes of jobs of one type.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="type">The type.</param>
    public static IObservable<JobChange> WhereType(this IObservable<JobChange> changes, JobType type)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.Job.Type == type);
    }

    /// <summary>Changes of one job. Unlike <see cref="JobWatch.ObserveJob"/> it tells no present state, and does not complete.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="taskId">The task id.</param>
    public static IObservable<JobChange> WhereJob(this IObservable<JobChange> changes, string taskId)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return changes.Where(change => change.Job.TaskId == taskId);
    }
}
