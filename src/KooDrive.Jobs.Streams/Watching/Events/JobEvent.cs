using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>An event of a <see cref="JobWatch"/>.</summary>
/// <remarks>
/// A closed hierarchy: <see cref="JobListed"/>, <see cref="WatchSynced"/>, <see cref="JobChange"/> (<see cref="JobAdded"/>,
/// <see cref="JobChanged"/>, <see cref="JobVanished"/>), <see cref="WatchGap"/>, <see cref="PollFailed"/> and <see cref="PollCompleted"/>; other
/// assemblies cannot derive from it. Immutable and safe to share between threads. Initializers and <see langword="with"/> expressions reject
/// values that no event can have with an <see cref="ArgumentException"/>. Later versions may add kinds of events: ignore those that you do not use.
/// </remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobEvent>))]
public abstract record JobEvent
{
    private protected JobEvent()
    {
    }

    /// <summary>The kind of the event.</summary>
    public JobEventKind Kind => KindCore;

    /// <summary>The number of the poll that observed the event, from 1; 0, the default, for an event without a poll.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Poll
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Poll));
            field = value;
        }
    }

    /// <summary>The time of the observation, in UTC, by the clock of the scheduler of the watch.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>The kind. Other assemblies can call the copy constructor but cannot override this member, so they cannot derive from the type.</summary>
    private protected abstract JobEventKind KindCore { get; }
}
