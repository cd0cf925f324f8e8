namespace KooDrive.Jobs.Streams;

/// <summary>The action for a change that a handler does not process successfully, after all retries.</summary>
public enum FailedChangeAction
{
    /// <summary>Stops the host: the hosted service fails.</summary>
    /// <remarks>
    /// The host stops, unless its <c>BackgroundServiceExceptionBehavior</c> is <c>Ignore</c>, and its <c>RunAsync</c> throws the error, so that the process exits
    /// with a code other than 0. The checkpoint is not saved, so the change is delivered again after a restart.
    /// </remarks>
    StopHost = 0,

    /// <summary>Skips the change, which is logged and counted, and continues with the next handler and the next change.</summary>
    /// <remarks>
    /// The change is not delivered again. A checkpoint that was not saved is logged, and saved after the next poll; if the process ends before that, changes are
    /// delivered again.
    /// </remarks>
    Skip = 1,
}
