namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// Looks up unfinished jobs by small windows on the list, each at the place where one of them must be by now. One page serves all the
/// jobs around it, and where a job is found off its place, the older ones are looked for that much off theirs.
/// </summary>
internal sealed class WindowSearch
{
    private readonly List<WindowTarget> _targets;
    private readonly int _pageLength;
    private int _current;
    private long _drift;

    public WindowSearch(IEnumerable<WindowTarget> targets, int pageLength)
    {
        _targets = [.. targets.OrderBy(target => target.Estimate)];
        _pageLength = pageLength;
    }

    public IReadOnlyList<WindowTarget> Targets => _targets;

    /// <summary>How many windows it takes to see jobs at these places, when none is off its place.</summary>
    /// <param name="places">The places, smallest first.</param>
    /// <param name="pageLength">How many jobs a page holds.</param>
    public static int Count(IEnumerable<long> places, int pageLength)
    {
        int windows = 0;
        long covered = -1;
        foreach (long place in places)
        {
            if (place > covered)
            {
                windows++;
                covered = place + (pageLength / 8);
            }
        }

        return windows;
    }

    /// <summary>The offset to read at next; null when there is nothing more to look for.</summary>
    public long? NextOffset()
    {
        while (_current < _targets.Count && _targets[_current].IsSettled)
        {
            _current++;
        }

        return _current < _targets.Count ? _targets[_current].NextOffset(_drift, _pageLength) : null;
    }

    /// <summary>Takes the page read at <see cref="NextOffset"/>.</summary>
    public void See(WindowPage page)
    {
        WindowTarget current = _targets[_current];
        foreach (WindowTarget target in _targets.Skip(_current).TakeWhile(target => target == current || target.Estimate + _drift < page.End + _pageLength))
        {
            if (!target.IsSettled)
            {
                target.Recognise(page);
            }
        }

        if (current.Place is { } place)
        {
            _drift = place - current.Estimate;
        }
        else if (!current.IsAbsent)
        {
            current.Narrow(page);
        }
    }
}
