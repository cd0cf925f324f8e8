using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A poll is over, and its events have been told.</summary>
[JsonConverter(typeof(JobEventJsonConverter<PollCompleted>))]
public sealed record PollCompleted : JobEvent
{
    /// <summary>The requests that it took.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required int Requests
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Requests));
            field = value;
        }
    }

    /// <summary>The jobs that it read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required int Jobs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Jobs));
            field = value;
        }
    }

    /// <summary>The changes that it found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required int Changes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Changes));
            field = value;
        }
    }

    /// <summary>How long it took, by the clock of the watch's scheduler; negative where that clock was set back meanwhile.</summary>
    public required TimeSpan Duration { get; init; }

    private protected override JobEventKind KindCore => JobEventKind.PollCompleted;
}
