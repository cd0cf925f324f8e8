using System.Reactive.Threading.Tasks;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Observables awaited without harm to whoever calls their observers.</summary>
internal static class DetachedTask
{
    /// <summary>
    /// The last element, as a task. What awaits it goes on elsewhere: not inside the observer, as with Rx's own <c>ToTask</c>, where it would hold up
    /// the watch, and a wait for its end would wait for itself.
    /// </summary>
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
