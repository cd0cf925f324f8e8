namespace KooDrive.Jobs.Streams;

/// <summary>The status of a job: <c>status</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// <see cref="Completed"/> does not mean that the job succeeded: see <see cref="JobResult"/>. A number without a member is kept as it is, and such a job counts as
/// unfinished.
/// </remarks>
public enum JobStatus
{
    /// <summary>Not started (0).</summary>
    Pending = 0,

    /// <summary>In progress (1).</summary>
    Processing = 1,

    /// <summary>Completed (2), with any result.</summary>
    Completed = 2,

    /// <summary>Canceled (3).</summary>
    Canceled = 3,
}
