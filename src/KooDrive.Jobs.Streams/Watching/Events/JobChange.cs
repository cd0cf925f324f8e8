using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A difference between two consecutive looks at a job: <see cref="JobAdded"/>, <see cref="JobChanged"/> or <see cref="JobVanished"/>.</summary>
/// <remarks>States that came and went between two polls were not seen and are not invented.</remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobChange>))]
public abstract record JobChange : JobEvent
{
    private protected JobChange()
    {
    }

    /// <summary>The job as it was last seen.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">The value and <see cref="Previous"/> cannot be of one event.</exception>
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

    /// <summary>The job as it was before; null when that is not known.</summary>
    /// <exception cref="ArgumentException">The value and <see cref="Job"/> cannot be of one event.</exception>
    public Job? Previous
    {
        get => PreviousOrNull ?? DefaultPrevious;
        init
        {
            ThrowIfInvalid(Job, value);
            PreviousOrNull = value;
        }
    }

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
    public bool JustSucceeded => JustFinished && Job.IsSucceeded;

    /// <summary>
    /// Whether the job finished just now, and not with every file succeeded: canceled, partially failed, failed, or completed without a result.
    /// </summary>
    public bool JustFailed => JustFinished && !Job.IsSucceeded;

    /// <summary>Whether the change is a regression: the job went from finished to unfinished, or from processing to pending.</summary>
    /// <remarks>Published only after a second poll has observed it too: a lagging replica is not a change.</remarks>
    public bool IsRegression => Previous is { } previous && IsStatusRegression(previous, Job);

    internal static bool IsStatusRegression(Job before, Job now) =>
        before.Status is { } statusBefore && now.Status is { } status && Rank(status) < Rank(statusBefore);

    /// <summary>The value of <see cref="Previous"/> where none was set.</summary>
    private protected virtual Job? DefaultPrevious => null;

    private Job? PreviousOrNull { get; init; }

    /// <inheritdoc/>
    public virtual bool Equals(JobChange? other) => base.Equals(other) && Job == other!.Job && Previous == other.Previous;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Job, Previous);

    /// <summary>The reason why the two states cannot be of one event; null if they can.</summary>
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
