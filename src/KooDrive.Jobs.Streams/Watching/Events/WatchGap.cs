using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>Some changes may have been missed; what follows is right again.</summary>
[JsonConverter(typeof(JobEventJsonConverter<WatchGap>))]
public sealed record WatchGap : JobEvent
{
    /// <summary>Why.</summary>
    public required WatchGapReason Reason { get; init; }

    /// <summary>The reason in words, with figures.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public required string Message
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Message));
            field = value;
        }
    }

    private protected override JobEventKind KindCore => JobEventKind.Gap;
}
