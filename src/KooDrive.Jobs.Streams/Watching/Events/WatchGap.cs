using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>A report that changes may have been missed before this event.</summary>
[JsonConverter(typeof(JobEventJsonConverter<WatchGap>))]
public sealed record WatchGap : JobEvent
{
    /// <summary>The reason why changes may have been missed.</summary>
    public required WatchGapReason Reason { get; init; }

    /// <summary>The reason as text for people, with numbers.</summary>
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
