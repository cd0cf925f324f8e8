namespace KooDrive.Jobs.Streams;

/// <summary>How far a batch job has come: <c>status</c> of the API document.</summary>
/// <remarks>
/// <see cref="Completed"/> says that the job is over, not that it succeeded: that is <see cref="JobResult"/>.
/// A value that is not listed here is kept as its number, and counts as unfinished.
/// </remarks>
public enum JobStatus
{
    /// <summary>To be processed (0).</summary>
    Pending = 0,

    /// <summary>Being processed (1).</summary>
    Processing = 1,

    /// <summary>Completed (2), with whatever result.</summary>
    Completed = 2,

    /// <summary>Canceled (3), before or while it ran.</summary>
    Canceled = 3,
}
