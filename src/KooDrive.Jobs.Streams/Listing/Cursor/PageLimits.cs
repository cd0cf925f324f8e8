namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The limits that a walk requests.</summary>
internal static class PageLimits
{
    /// <summary>The smallest limit: with fewer jobs a page has no room for the overlap of the next page.</summary>
    public const int Min = 4;

    /// <summary>The largest limit that the API accepts.</summary>
    public const int Max = 100;
}
