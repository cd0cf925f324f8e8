using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A completed poll, published after its other events.</summary>
[JsonConverter(typeof(JobEventJsonConverter<PollCompleted>))]
public sealed record PollCompleted : JobEvent
{
    /// <summary>The number of requests sent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required int RequestCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(RequestCount));
            field = value;
        }
    }

    /// <summary>The number of jobs read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required int JobCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(JobCount));
            field = value;
        }
    }

    /// <summary>The number of <see cref="JobChange"/>s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required int ChangeCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(ChangeCount));
            field = value;
        }
    }

    /// <summary>The duration, by the monotonic clock of the scheduler of the watch; negative only with a scheduler without such a clock.</summary>
    public required TimeSpan Duration { get; init; }

    private protected override JobEventKind KindCore => JobEventKind.PollCompleted;
}
