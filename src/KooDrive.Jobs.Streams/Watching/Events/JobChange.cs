using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A difference between two consecutive observations of a job: <see cref="JobAdded"/>, <see cref="JobChanged"/> or <see cref="JobVanished"/>.</summary>
/// <remarks>States that a job had only between two polls are not observed and not published.</remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobChange>))]
public abstract record JobChange : JobEvent
{
    private protected JobChange()
    {
    }

    /// <summary>The last observed state of the job.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">The value does not fit <see cref="Previous"/>.</exception>
    public required Job Job
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Job));
            ThrowIfInvalid(value, PreviousOrNull);
            field = value;
        }
    }

    /// <summary>The previous state of the job; null when the watch does not have it.</summary>
    /// <exception cref="ArgumentException">The value does not fit <see cref="Job"/>.</exception>
    public Job? Previous
    {
        get => PreviousOrNull ?? DefaultPrevious;
        init
        {
            ThrowIfInvalid(Job, value);
            PreviousOrNull = value;
        }
    }

    /// <summary>Whether the status differs from the previous status.</summary>
    public bool StatusChanged => Previous is { } previous && previous.Status != Job.Status;

    /// <summary>Whether the result differs from the previous result.</summary>
    public bool ResultChanged => Previous is { } previous && previous.Result != Job.Result;

    /// <summary>Whether the job is finished and was not finished at the previous observation.</summary>
    /// <remarks>
    /// True also for a job that was created and finished between two polls. Use this property for completion alerts, because
    /// <see cref="Job.IsFinished"/> stays true in later changes.
    /// </remarks>
    public virtual bool JustFinished => Job.IsFinished && Previous is { IsFinished: false };

    /// <summary>Whether the job just finished and every file succeeded.</summary>
    public bool JustSucceeded => JustFinished && Job.IsSucceeded;

    /// <summary>Whether the job just finished and not every file succeeded: canceled, partially failed, failed, or completed without a result.</summary>
    public bool JustFailed => JustFinished && !Job.IsSucceeded;

    /// <summary>Whether the change is a regression: the job went from finished to unfinished, or from processing to pending.</summary>
    /// <remarks>A regression is published only after a second poll has observed it too, because a lagging replica causes the same observation.</remarks>
    public bool IsRegression => Previous is { } previous && IsStatusRegression(previous, Job);

    internal static bool IsStatusRegression(Job before, Job now) =>
        before.Status is { } statusBefore && now.Status is { } status && Rank(status) < Rank(statusBefore);

    /// <summary>The value of <see cref="Previous"/> when none was set.</summary>
    private protected virtual Job? DefaultPrevious => null;

    private Job? PreviousOrNull { get; init; }

    /// <inheritdoc/>
    public virtual bool Equals(JobChange? other) => base.Equals(other) && Job == other!.Job && Previous == other.Previous;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Job, Previous);

    /// <summary>Returns the reason why the two states cannot belong to one event; null if they can.</summary>
    private protected abstract string? FindFault(Job job, Job previous);

    private static int Rank(JobStatus status) => status switch
    {
        JobStatus.Pending => 0,
        JobStatus.Completed or JobStatus.Canceled => 2,
        _ => 1,
    };

    // The properties may be set in either order: the second one is validated against the first.
    private void ThrowIfInvalid(Job? job, Job? previous, [CallerMemberName] string property = "")
    {
        if (job is not null && previous is not null && FindFault(job, previous) is { } fault)
        {
            throw new ArgumentException(fault, property);
        }
    }
}
