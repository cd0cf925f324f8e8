namespace KooDrive.Jobs.Streams;

/// <summary>A difference between two consecutive looks at a job: <see cref="JobAdded"/>, <see cref="JobChanged"/> or <see cref="JobVanished"/>.</summary>
/// <remarks>States that came and went between two polls were not seen and are not invented.</remarks>
public abstract record JobChange : JobEvent
{
    private protected JobChange()
    {
    }

    /// <summary>The job as it was last seen.</summary>
    public required Job Job { get; init; }

    /// <summary>The job as it was before; null when that is not known.</summary>
    public Job? Previous { get; init; }

    /// <summary>Whether the status differs from the one before.</summary>
    public bool StatusChanged => Previous is { } previous && previous.Status != Job.Status;

    /// <summary>Whether the result differs from the one before.</summary>
    public bool ResultChanged => Previous is { } previous && previous.Result != Job.Result;

    /// <summary>
    /// Whether the job finished just now: it is finished, and was not when it was last looked at. True also for a job that came and
    /// finished between two polls. This is the edge that a completion alert waits for; <see cref="Job.IsFinished"/> is the state.
    /// </summary>
    public virtual bool JustFinished => Job.IsFinished && Previous is { IsFinished: false };

    /// <summary>Whether the job finished just now and every file succeeded.</summary>
    public bool JustSucceeded => JustFinished && Job.Succeeded;

    /// <summary>Whether the job moved against the usual order: from finished to unfinished, or from processing to pending.</summary>
    /// <remarks>Published only after a second poll has observed it too: a lagging replica is not a change.</remarks>
    public bool IsBackwards => Previous is { } previous && IsRegression(previous, Job);

    internal static bool IsRegression(Job before, Job now) =>
        before.Status is { } statusBefore && now.Status is { } status && Rank(status) < Rank(statusBefore);

    private static int Rank(JobStatus status) => status switch
    {
        JobStatus.Pending => 0,
        JobStatus.Completed or JobStatus.Canceled => 2,
        _ => 1,
    };
}
