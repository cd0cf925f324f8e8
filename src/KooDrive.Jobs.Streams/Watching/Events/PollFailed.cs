using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A failed poll, after which the watch polls again.</summary>
/// <remarks>The next successful poll publishes the changes since the last successful poll.</remarks>
[JsonConverter(typeof(JobEventJsonConverter<PollFailed>))]
public sealed record PollFailed : JobEvent
{
    /// <summary>The exception of the poll.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public required Exception Exception
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Exception));
            field = value;
        }
    }

    /// <summary>The number of consecutive failed polls including this poll, from 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required int ConsecutiveFailureCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ConsecutiveFailureCount));
            field = value;
        }
    }

    /// <summary>The delay until the next poll, 0 or longer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required TimeSpan Delay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(Delay));
            field = value;
        }
    }

    private protected override JobEventKind KindCore => JobEventKind.PollFailed;
}
