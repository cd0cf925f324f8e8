namespace KooDrive.Jobs.Streams;

/// <summary>A poll failed; nothing of it was taken over, and the watch goes on.</summary>
public sealed record PollFailed : JobEvent
{
    /// <summary>What failed.</summary>
    public required Exception Error { get; init; }

    /// <summary>How many polls have failed in a row, this one included, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How long until the next poll.</summary>
    public required TimeSpan Delay { get; init; }
}
