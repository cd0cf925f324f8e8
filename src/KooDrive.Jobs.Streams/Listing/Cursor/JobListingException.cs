namespace KooDrive.Jobs.Streams;

/// <summary>
/// The list moved in a way under which "every job exactly once" can no longer be promised. Thrown instead of going on with a
/// result that repeats or misses jobs.
/// </summary>
/// <remarks>What was yielded before is right. A new walk from the start is the remedy; <see cref="Reason"/> says what happened.</remarks>
public sealed class JobListingException : JobsException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="reason">What happened to the list.</param>
    /// <param name="message">The reason in words, and what to do.</param>
    public JobListingException(JobListingFailure reason, string message)
        : base(message, innerException: null) => Reason = reason;

    /// <summary>What happened to the list.</summary>
    public JobListingFailure Reason { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Reason is JobListingFailure.AnchorLost or JobListingFailure.OrderChanged or JobListingFailure.NoProgress;
}
