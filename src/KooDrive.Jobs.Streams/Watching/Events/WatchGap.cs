namespace KooDrive.Jobs.Streams;

/// <summary>Some changes may have been missed; what follows is right again.</summary>
public sealed record WatchGap : JobEvent
{
    /// <summary>Why.</summary>
    public required WatchGapReason Reason { get; init; }

    /// <summary>The same in words, with figures.</summary>
    public required string Message { get; init; }
}
