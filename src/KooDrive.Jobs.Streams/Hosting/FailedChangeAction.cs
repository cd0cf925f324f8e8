namespace KooDrive.Jobs.Streams;

/// <summary>What becomes of a change that a handler has not succeeded with, all retries included.</summary>
public enum FailedChangeAction
{
    /// <summary>
    /// The hosted service fails, which stops the host unless its <c>BackgroundServiceExceptionBehavior</c> says otherwise. When the host stops, its
    /// <c>RunAsync</c> throws the error, so that the process ends with an exit code other than 0. The checkpoint is not written, so the change comes again after
    /// a restart.
    /// </summary>
    StopHost = 0,

    /// <summary>
    /// It is logged and counted, and the next handler and the next change have their turn. It does not come again. A checkpoint that was not saved is logged, and
    /// saved with what the next poll finds; if the process ends before that, changes are delivered again.
    /// </summary>
    SetAside = 1,
}
