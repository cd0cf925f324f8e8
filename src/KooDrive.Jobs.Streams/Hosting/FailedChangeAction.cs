namespace KooDrive.Jobs.Streams;

/// <summary>What becomes of a change that a handler has not succeeded with, all retries included.</summary>
public enum FailedChangeAction
{
    /// <summary>
    /// The hosted service fails, which stops the host unless its <c>BackgroundServiceExceptionBehavior</c> says otherwise. The checkpoint is not written, so
    /// the change comes again after a restart.
    /// </summary>
    StopHost = 0,

    /// <summary>It is logged and counted, and the next handler and the next change have their turn. It does not come again.</summary>
    SetAside = 1,
}
