namespace KooDrive.Jobs.Streams;

/// <summary>The names of the kinds of events in JSON, Server-Sent Events and metrics.</summary>
public static class JobEventKindExtensions
{
    /// <summary>Returns the name of a kind in JSON, in Server-Sent Events and in metrics, such as <c>pollFailed</c>.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The name, in camel case.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not a member of <see cref="JobEventKind"/>.</exception>
    public static string ToWireName(this JobEventKind kind) => kind switch
    {
        JobEventKind.Snapshot => "snapshot",
        JobEventKind.Synced => "synced",
        JobEventKind.Added => "added",
        JobEventKind.Changed => "changed",
        JobEventKind.Vanished => "vanished",
        JobEventKind.Gap => "gap",
        JobEventKind.PollFailed => "pollFailed",
        JobEventKind.PollCompleted => "pollCompleted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The value is not a member of JobEventKind."),
    };
}
