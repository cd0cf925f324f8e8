namespace KooDrive.Jobs.Streams;

/// <summary>A poll is over, and its events have been told.</summary>
public sealed record PollCompleted : JobEvent
{
    /// <summary>The requests that it took.</summary>
    public required int Requests { get; init; }

    /// <summary>The jobs that it read.</summary>
    public required int Jobs { get; init; }

    /// <summary>The changes that it found.</summary>
    public required int Changes { get; init; }

    /// <summary>How long it took, by the clock of the watch's scheduler.</summary>
    public required TimeSpan Duration { get; init; }
}
