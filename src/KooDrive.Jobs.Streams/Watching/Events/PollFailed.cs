using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A poll failed; nothing of it was taken over, and the watch goes on.</summary>
[JsonConverter(typeof(JobEventJsonConverter<PollFailed>))]
public sealed record PollFailed : JobEvent
{
    /// <summary>What failed.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public required Exception Error
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Error));
            field = value;
        }
    }

    /// <summary>How many polls have failed in a row, this one included, from 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required int Attempt
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Attempt));
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
