namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Searches for a remembered job after a page without remembered jobs, because the list shifted: deletions move the remembered jobs up,
/// and insertions move them down. Reads alternately before and after the position of the first such page, in growing steps, and then
/// again in smaller steps, because the list may also shift during the search.
/// </summary>
internal sealed class AnchorSearch(long lowestOffset)
{
    private const int Sweeps = 2;

    private bool _isInside;
    private long _start;
    private long _low;
    private long _high;
    private long _step;
    private bool _steppedBack;
    private bool _moreAhead;
    private int _sweep;

    /// <summary>Notes a page without a remembered job.</summary>
    /// <param name="offset">The offset of the page.</param>
    /// <param name="count">The number of jobs on the page.</param>
    /// <param name="pageSize">The largest number of jobs on any page.</param>
    /// <param name="remembered">The number of jobs that the walk remembers.</param>
    /// <returns>The offset to read next; null when the whole list was read.</returns>
    public long? Next(long offset, int count, int pageSize, int remembered)
    {
        int page = Math.Max(2, pageSize);
        int overlapping = page - Math.Max(1, page / 4);

        if (!_isInside)
        {
            if (count == 0)
            {
                return StepBackFromBeyondTheEnd(offset, page);
            }

            Begin(offset, offset + count, overlapping);
        }
        else if (_steppedBack)
        {
            _low = offset;
        }
        else if (offset + count > _high)
        {
            _high = offset + count;
        }
        else
        {
            _moreAhead = false;
        }

        _moreAhead &= count > 0;

        if (_low <= lowestOffset && !_moreAhead)
        {
            if (_sweep == Sweeps)
            {
                return null;
            }

            Begin(_start, _start, overlapping);
        }

        return Widen(page, overlapping, remembered);
    }

    private long StepBackFromBeyondTheEnd(long offset, int page)
    {
        _step = _step == 0 ? page : 2 * _step;
        return Math.Max(lowestOffset, offset - _step);
    }

    private void Begin(long from, long to, int step)
    {
        _isInside = true;
        _start = _low = from;
        _high = to;
        _step = step;
        _moreAhead = true;
        _steppedBack = false;
        _sweep++;
    }

    private long Widen(int page, int overlapping, int remembered)
    {
        _steppedBack = _low > lowestOffset && !(_steppedBack && _moreAhead);
        if (_steppedBack)
        {
            return Math.Max(lowestOffset, _low - _step);
        }

        long next = Math.Max(lowestOffset, _high - page + _step);
        if (_sweep < Sweeps)
        {
            // Remembered jobs were adjacent, so steps of up to half their number cannot skip all of them.
            _step = Math.Max(overlapping, Math.Min((_step * 3 / 2) + 1, remembered / 2));
        }

        return next;
    }
}
