namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>A watch that polls, as the observable instruments read it.</summary>
internal interface IPollingWatch
{
    /// <summary>The tags of all measurements of the watch.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags { get; }

    /// <summary>The number of unfinished jobs at the last completed poll; null before the first.</summary>
    public int? UnfinishedCount { get; }

    /// <summary>How long ago a poll last succeeded, or polling started if that is later; null while the watch is idle.</summary>
    public TimeSpan? SuccessAge { get; }
}
