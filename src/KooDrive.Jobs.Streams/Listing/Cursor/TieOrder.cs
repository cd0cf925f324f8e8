namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>Detects that the order of ties differs between requests: two consecutive pages contain the same jobs in another relative order.</summary>
internal sealed class TieOrder
{
    private Job[] _last = [];

    /// <summary>Whether a change of the order of a tie group was observed, by this walk or by a walk that it resumes.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Compares a page with the page read before it.</summary>
    /// <param name="page">A page that is sorted by creation time.</param>
    /// <param name="time">The creation time of the job yielded last. Older jobs were on no earlier page, except on pages of searches.</param>
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

    // From the end, because the next page overlaps the end of the last page.
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
