using System.Reactive.Linq;
using System.Threading.Channels;

namespace KooDrive.Jobs.Streams;

/// <summary>Picks changes out of <see cref="JobWatch.Changes"/>.</summary>
public static class JobObservableExtensions
{
    private const int MostWaitingChanges = 10_000;

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

    /// <summary>
    /// Jobs at the moment when they finish otherwise than with every file succeeded: canceled, partially failed, failed, or completed without
    /// a result. <see cref="JobStatus.Completed"/> alone says nothing about success.
    /// </summary>
    /// <param name="changes">The changes.</param>
    public static IObservable<JobChange> WhereJustFailed(this IObservable<JobChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.JustFinished && !change.JustSucceeded);
    }

    /// <summary>Changes of jobs of one type.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="type">The type.</param>
    public static IObservable<JobChange> WhereType(this IObservable<JobChange> changes, JobType type)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Where(change => change.Job.Type == type);
    }

    /// <summary>
    /// Calls an awaited handler for each change: in order, and the next time when what it returned has completed. What
    /// <c>Subscribe(async …)</c> seems to do, and does not: there calls overlap, and what they throw ends the process.
    /// </summary>
    /// <param name="changes">The changes.</param>
    /// <param name="handler">The handler. What it throws ends the subscription, and the returned task.</param>
    /// <param name="cancellationToken">Ends the subscription with an <see cref="OperationCanceledException"/>; handed to the handler.</param>
    /// <returns>Completes when the changes do and all of them are handled; fails as they do.</returns>
    /// <exception cref="InvalidOperationException">The handler fell more than 10,000 changes behind, so that some would have to be left out.</exception>
    /// <remarks>The handler may dispose of the watch, and await it.</remarks>
    public static Task SubscribeAsync(
        this IObservable<JobChange> changes,
        Func<JobChange, CancellationToken, ValueTask> handler,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(handler);
        return HandleAsync(changes, handler, cancellationToken);
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

    private static async Task HandleAsync(
        IObservable<JobChange> changes,
        Func<JobChange, CancellationToken, ValueTask> handler,
        CancellationToken cancellationToken)
    {
        var waiting = Channel.CreateBounded<JobChange>(new BoundedChannelOptions(MostWaitingChanges) { SingleReader = true });
        using var subscription = changes.Subscribe(
            change =>
            {
                if (!waiting.Writer.TryWrite(change))
                {
                    waiting.Writer.TryComplete(new InvalidOperationException(
                        $"The handler is more than {MostWaitingChanges} changes behind. Make it faster, or let it put the changes into a queue of its own."));
                }
            },
            error => waiting.Writer.TryComplete(error),
            () => waiting.Writer.TryComplete());
        await foreach (var change in waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await handler(change, cancellationToken).ConfigureAwait(false);
        }
    }
}
