namespace KooDrive.Jobs.Streams;

/// <summary>Why a listing could not go on without the risk of repeating or missing jobs.</summary>
public enum JobListingFailure
{
    /// <summary>Every job that the walk remembered was removed, so nothing tells how far it had come.</summary>
    AnchorLost = 1,

    /// <summary>The server changed the relative order of jobs, or answered one job twice on one page.</summary>
    OrderChanged = 2,

    /// <summary>The server answers the same jobs whatever offset is asked for.</summary>
    OffsetIgnored = 3,

    /// <summary>Too many pages in a row brought nothing new.</summary>
    NoProgress = 4,

    /// <summary>The server serves one job at a time, so that two pages can never overlap.</summary>
    PageTooSmall = 5,
}
