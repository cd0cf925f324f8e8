using System.Reactive.Threading.Tasks;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Converts observables to tasks whose continuations do not run inside the observer.</summary>
internal static class DetachedTask
{
    /// <summary>Returns the last element as a task.</summary>
    /// <remarks>
    /// With <c>ToTask</c> of Rx, the continuation runs inside the observer: it would delay the watch, and a wait for the end of the watch would wait for itself.
    /// </remarks>
    public static Task<T> ToDetachedTask<T>(this IObservable<T> source, CancellationToken cancellationToken)
    {
        var detached = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = source.ToTask(cancellationToken).ContinueWith(
            static (done, detached) => ((TaskCompletionSource<T>)detached!).SetFromTask(done),
            detached,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return detached.Task;
    }
}
