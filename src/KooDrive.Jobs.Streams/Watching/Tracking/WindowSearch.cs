namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// Searches for unfinished jobs in pages at their estimated positions. Each page is matched with all jobs around it, and the error of an estimate corrects the
/// estimates of older jobs.
/// </summary>
internal sealed class WindowSearch
{
    private readonly List<WindowTarget> _targets;
    private readonly int _pageLength;
    private int _current;
    private long _estimateError;

    public WindowSearch(IEnumerable<WindowTarget> targets, int pageLength)
    {
        _targets = [.. targets.OrderBy(target => target.Estimate)];
        _pageLength = pageLength;
    }

    public IReadOnlyList<WindowTarget> Targets => _targets;

    /// <summary>Returns the number of windows for jobs at given positions.</summary>
    /// <param name="positions">The positions, smallest first.</param>
    /// <param name="pageLength">The number of jobs on a page.</param>
    public static int Count(IEnumerable<long> positions, int pageLength)
    {
        int windows = 0;
        long covered = -1;
        foreach (long position in positions)
        {
            if (position > covered)
            {
                windows++;
                covered = position + (pageLength / 8);
            }
        }

        return windows;
    }

    /// <summary>Returns the offset of the next page; null when the search has ended.</summary>
    public long? NextOffset()
    {
        while (_current < _targets.Count && _targets[_current].IsSettled)
        {
            _current++;
        }

        return _current < _targets.Count ? _targets[_current].NextOffset(_estimateError, _pageLength) : null;
    }

    /// <summary>Adds the page at <see cref="NextOffset"/>.</summary>
    public void Add(WindowPage page)
    {
        WindowTarget current = _targets[_current];
        foreach (WindowTarget target in _targets.Skip(_current).TakeWhile(target => target == current || target.Estimate + _estimateError < page.End + _pageLength))
        {
            if (!target.IsSettled)
            {
                target.Match(page);
            }
        }

        if (current.Position is { } position)
        {
            _estimateError = position - current.Estimate;
        }
        else if (!current.IsAbsent)
        {
            current.Narrow(page);
        }
    }
}
