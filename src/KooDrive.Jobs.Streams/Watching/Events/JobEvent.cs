using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>An event of a <see cref="JobWatch"/>.</summary>
/// <remarks>
/// A closed hierarchy: <see cref="JobListed"/>, <see cref="WatchSynced"/>, <see cref="JobChange"/> (<see cref="JobAdded"/>,
/// <see cref="JobChanged"/>, <see cref="JobVanished"/>), <see cref="WatchGap"/>, <see cref="PollFailed"/> and <see cref="PollCompleted"/>; other
/// assemblies cannot derive from it. Immutable and safe to share between threads. Initializers and <see langword="with"/> expressions reject
/// values that no event can have with an <see cref="ArgumentException"/>.
/// </remarks>
[JsonConverter(typeof(JobEventJsonConverter<JobEvent>))]
public abstract record JobEvent
{
    private protected JobEvent()
    {
    }

    /// <summary>The kind of the event.</summary>
    public JobEventKind Kind => KindCore;

    /// <summary>The number of the poll that observed the event, from 1; 0, the default, where no poll did.</summary>
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

    /// <summary>When it was seen, in UTC, by the clock of the watch's scheduler.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>The kind. The copy constructor of a record is always accessible to other assemblies; a member that they cannot override keeps them out.</summary>
    private protected abstract JobEventKind KindCore { get; }
}
