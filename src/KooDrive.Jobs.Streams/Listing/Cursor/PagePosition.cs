namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The position of a page relative to the job that a walk yielded last.</summary>
internal enum PagePosition
{
    /// <summary>The page connects to what was read: every job on it that was not yielded is next.</summary>
    Connected,

    /// <summary>The page starts too deep: jobs that were not read may be listed before it.</summary>
    TooDeep,

    /// <summary>The page ends before the job yielded last.</summary>
    NotDeepEnough,

    /// <summary>The page may be older than the page before it, so the jobs between the two are not known: it is requested again.</summary>
    OutOfDate,

    /// <summary>The page contradicts the order by creation time, unless the list changed in the meantime: the page before it is requested again.</summary>
    Contradictory,

    /// <summary>The page holds jobs of a tie group in another order than before.</summary>
    OrderBroken,

    /// <summary>The page proves that the list ends.</summary>
    AtEnd,

    /// <summary>The list ends with this page, and every job on it is newer than the job yielded last.</summary>
    AtEndOfNewer,
}
