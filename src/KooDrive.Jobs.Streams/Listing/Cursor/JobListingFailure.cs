namespace KooDrive.Jobs.Streams;

/// <summary>The reasons why a listing cannot continue without the risk of repeating or missing jobs.</summary>
public enum JobListingFailure
{
    /// <summary>All jobs that the walk remembered were removed, so that its position in the list is unknown.</summary>
    PositionLost = 1,

    /// <summary>The server changed the relative order of jobs, or returned a page with a duplicate.</summary>
    OrderChanged = 2,

    /// <summary>The server ignores the offset: it returns the same jobs for each offset.</summary>
    OffsetIgnored = 3,

    /// <summary>Too many consecutive pages contained no new job.</summary>
    NoProgress = 4,

    /// <summary>The server returns one job per page, so that pages cannot overlap.</summary>
    PageTooSmall = 5,
}
