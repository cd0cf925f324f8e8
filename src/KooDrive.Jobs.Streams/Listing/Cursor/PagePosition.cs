namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The position of a page relative to the job that a walk yielded last.</summary>
internal enum PagePosition
{
    /// <summary>The page connects to the pages read: its jobs that were not yielded are the next jobs of the walk.</summary>
    Connected,

    /// <summary>The page starts too deep: jobs that were not read may be listed before it.</summary>
    TooDeep,

    /// <summary>The page ends before the job yielded last.</summary>
    NotDeepEnough,

    /// <summary>The page may have been produced before the previous page, so jobs between the two may be missing: the page is requested again.</summary>
    OutOfDate,

    /// <summary>The page contradicts the order by creation time, unless the list changed meanwhile: the previous page is requested again.</summary>
    Contradictory,

    /// <summary>The page contains jobs of a tie group in another order than before.</summary>
    OrderBroken,

    /// <summary>The page proves that the list ends.</summary>
    AtEnd,

    /// <summary>The list ends with this page, and every job on it is newer than the job yielded last.</summary>
    AtEndOfNewer,
}
