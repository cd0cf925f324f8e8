namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>Notices that the order of ties differs from request to request: two pages have jobs in common, in another relative order.</summary>
internal sealed class TieOrder
{
    private Job[] _last = [];

    /// <summary>Whether the order of a tie group was seen to change, by this walk or by one that it resumes.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Compares a page with the page read before it.</summary>
    /// <param name="page">A page that is sorted by creation time.</param>
    /// <param name="time">The creation time of the job yielded last: older jobs were on no page yet, except in searches.</param>
    public void Read(WalkPage page, long time)
    {
        int last = -1;
        for (int i = 0; !HasChanged && i < page.Count && page.TimeAt(i) >= time; i++)
        {
            int index = IndexOnLastPage(page.Jobs[i].TaskId);
            HasChanged = index >= 0 && index < last;
            last = Math.Max(last, index);
        }

        _last = page.Jobs;
    }

    // From the end, which is what the next page overlaps.
    private int IndexOnLastPage(string taskId)
    {
        int index = _last.Length - 1;
        while (index >= 0 && _last[index].TaskId != taskId)
        {
            index--;
        }

        return index;
    }
}
