namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when a listing cannot continue without the risk of repeating or missing jobs.</summary>
/// <remarks>
/// The jobs yielded before are correct. <see cref="Reason"/> contains the cause. List again from the start to read the rest of the jobs; after
/// <see cref="JobListingFailure.NoProgress"/>, resuming is possible too.
/// </remarks>
public sealed class JobListingException : JobsException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="reason">The reason why the listing failed.</param>
    /// <param name="message">What happened and what to do.</param>
    public JobListingException(JobListingFailure reason, string message)
        : base(message, innerException: null) => Reason = reason;

    /// <summary>The reason why the listing failed.</summary>
    public JobListingFailure Reason { get; }

    /// <summary>
    /// Whether a new listing may succeed: true if the list changed (<see cref="JobListingFailure.PositionLost"/>, <see cref="JobListingFailure.OrderChanged"/>,
    /// <see cref="JobListingFailure.NoProgress"/>), false if the server cannot be listed.
    /// </summary>
    public override bool IsTransient => Reason is JobListingFailure.PositionLost or JobListingFailure.OrderChanged or JobListingFailure.NoProgress;
}
