namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Determines whether a server ignores the offset. A page at another offset that repeats the previous page may also be caused by insertions, so two
/// requests are sent far ahead: the server ignores the offset only if both return the same jobs again.
/// </summary>
internal sealed class OffsetProbe
{
    private const int RepeatedPagesBeforeProbe = 3;

    // Two distances in pages, neither a multiple of the other.
    private static readonly int[] Distances = [10, 37];

    private Job[]? _lastPage;
    private long _lastOffset;
    private int _repeatedPages;
    private int _probes;

    /// <summary>The request with which the walk continues after the probe; null when no probe is in progress.</summary>
    public PageRange? ReturnTo { get; private set; }

    /// <summary>Notes a page.</summary>
    /// <returns>Whether a probe is due.</returns>
    public bool IsDueAfter(WalkPage page)
    {
        bool isRepeated = page.Offset != _lastOffset && page.HasSameJobsAs(_lastPage);
        _repeatedPages = isRepeated ? _repeatedPages + 1 : 0;
        (_lastPage, _lastOffset) = (page.Jobs, page.Offset);
        return _repeatedPages >= RepeatedPagesBeforeProbe;
    }

    /// <summary>Starts a probe.</summary>
    /// <param name="next">The request that the walk would send now.</param>
    /// <param name="pageLength">The number of jobs on a page.</param>
    /// <returns>The request to send instead.</returns>
    public PageRange Start(PageRange next, int pageLength)
    {
        (ReturnTo, _probes, _repeatedPages) = (next, 0, 0);
        return At(pageLength);
    }

    /// <summary>Reads the response to a probe.</summary>
    /// <returns>The next request.</returns>
    /// <exception cref="JobListingException">The server ignores the offset.</exception>
    public PageRange Read(WalkPage page, int pageLength)
    {
        PageRange next = ReturnTo!.Value;
        if (!page.Jobs.IntersectBy(_lastPage!.Select(job => job.TaskId), job => job.TaskId).Any())
        {
            ReturnTo = null;
            return next;
        }

        return ++_probes < Distances.Length ? At(pageLength) : throw WalkFailures.OffsetIgnored(page.Offset);
    }

    private PageRange At(int pageLength) =>
        ReturnTo!.Value with { Offset = ReturnTo.Value.Offset + ((long)Distances[_probes] * pageLength) };
}
