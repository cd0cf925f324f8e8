namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Searches for an offset among pages that are too deep or not deep enough: in steps that grow until the offset is bracketed, then by
/// halving the bracket. Pure arithmetic; the list may change while it is searched.
/// </summary>
/// <param name="lowestOffset">The lowest offset that may be requested.</param>
/// <param name="firstStepBack">How far to step back first, in jobs.</param>
internal sealed class OffsetSearch(long lowestOffset, int firstStepBack)
{
    private const int StepFactor = 4;

    // According to the pages read, the offset is at or after _low and before _high.
    private long? _low;
    private long? _high;
    private long _step;

    // The offset at which the list seems to end, until that is confirmed.
    private long? _end;
    private WalkPage? _last;
    private WalkPage? _previous;
    private WalkPage? _newest;
    private int _contradictions;
    private bool _hasReadTop;

    /// <summary>Whether pages on both sides of the offset were read.</summary>
    public bool IsBracketed => _low is not null && _high is not null;

    /// <summary>Whether the last page contradicts the pages before it in this search, because the list changed in between.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>The offset of the second-to-last page of this search.</summary>
    public long PreviousOffset => (_previous ?? _last)!.Value.Offset;

    /// <summary>Notes the offset of a page read in this search.</summary>
    public void NoteRead(long offset) => _hasReadTop |= offset <= lowestOffset;

    /// <summary>Compares a page with the last page of this search: jobs further down must not be newer.</summary>
    /// <param name="page">The page, sorted by creation time and not empty.</param>
    /// <returns>The number of consecutive pages that contradict the order by creation time, or show that the list changed very fast.</returns>
    public int CountContradictions(WalkPage page)
    {
        bool isTopOlder = page.Offset <= lowestOffset && _newest is { } newest && page.TimeAt(0) < newest.TimeAt(0);
        bool isContradiction = isTopOlder || (_last is { } last
            && (page.Offset >= last.End - 1 ? page.TimeAt(page.Count - 1) > last.TimeAt(last.Count - 1) || (last.Offset <= lowestOffset && page.TimeAt(0) > last.TimeAt(0))
                : page.End - 1 <= last.Offset && page.TimeAt(0) < last.TimeAt(0)));
        (_previous, _last) = (isTopOlder ? _newest : _last, page);
        _newest = _newest is { } before && before.Offset != page.Offset && before.TimeAt(0) >= page.TimeAt(0) ? _newest : page;
        return _contradictions = isContradiction ? _contradictions + 1 : 0;
    }

    /// <summary>Whether a page starts with a job of the page before it in this search, so that no job is listed between the two pages.</summary>
    public bool Connects(WalkPage page) => _previous is { } previous && Array.Exists(previous.Jobs, job => job.TaskId == page.Jobs[0].TaskId);

    /// <summary>The next offset to request after a page that starts too deep.</summary>
    public long Back(long offset)
    {
        (_high, _end) = (offset, null);
        HasChanged = _low >= offset;
        if (HasChanged)
        {
            (_low, _step) = (null, 0);
        }

        return _low is null ? Math.Max(lowestOffset, offset - NextStep(firstStepBack)) : Middle();
    }

    /// <summary>The next offset to request after a page that ends before the position searched for.</summary>
    /// <param name="lastOffset">The offset of the page's last job.</param>
    /// <param name="pageLength">How many jobs the page has.</param>
    public long Forward(long lastOffset, int pageLength)
    {
        HasChanged = _high <= lastOffset;
        if (HasChanged)
        {
            (_high, _step) = (null, 0);
        }

        // The first step is to the next page, which is nearly always enough.
        bool isFirst = _low is null;
        _low = lastOffset;
        return _high is not null ? Middle() : isFirst ? lastOffset : lastOffset + NextStep(2 * pageLength);
    }

    /// <summary>
    /// The next offset to request after a page that ends the list and is newer than the position: the top of the list, and then, by bisection, pages between the
    /// last page that is known to be newer and the end.
    /// </summary>
    /// <param name="offset">The offset of the page.</param>
    /// <returns>The offset; null when no request is left.</returns>
    public long? ConfirmEnd(long offset)
    {
        _end = offset;
        long low = _low ?? lowestOffset;
        return offset <= lowestOffset ? null
            : !_hasReadTop ? lowestOffset
            : offset - low > 1 ? low + ((offset - low) / 2) : null;
    }

    /// <summary>The next offset to request after a page that is newer than the position, while an end is confirmed.</summary>
    /// <returns>Null when no end is confirmed.</returns>
    public long? ConfirmNewer(WalkPage page)
    {
        if (_end is not { } end || page.Offset >= end)
        {
            _end = null;
            return null;
        }

        _low = Math.Max(_low ?? lowestOffset, page.End - 1);
        return ConfirmEnd(end) ?? end;
    }

    private long NextStep(int first) => _step = _step == 0 ? first : StepFactor * _step;

    private long Middle() => _low!.Value + ((_high!.Value - _low.Value) / 2);
}
