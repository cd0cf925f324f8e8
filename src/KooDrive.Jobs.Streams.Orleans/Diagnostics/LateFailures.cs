namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>Calls that are no longer waited for after a timeout, such as those to a silo that was lost.</summary>
internal static class LateFailures
{
    /// <summary>Marks an exception of a call as observed, so that <see cref="TaskScheduler.UnobservedTaskException"/> is not raised. Waits for it still throw it.</summary>
    public static TTask IgnoreLateFailure<TTask>(this TTask call)
        where TTask : Task
    {
        _ = call.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return call;
    }
}
