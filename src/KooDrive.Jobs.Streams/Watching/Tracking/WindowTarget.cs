namespace KooDrive.Jobs.Streams;

/// <summary>A job that is being looked for, one page at a time, from where it ought to be outwards.</summary>
internal sealed class WindowTarget(JobKey key, TrackedJob tracked, long estimate)
{
    private const int MaxAttempts = 12;
    private const int MaxGuesses = 3;

    // It stands at or behind _low and before _high, as far as the pages read tell. Once there is a _high, pages are read in front of it only.
    private long _low;
    private long? _high;
    private int _attempts;
    private int _guesses;

    public JobKey Key => key;

    /// <summary>The place where it ought to be, if nothing above it was deleted unnoticed.</summary>
    public long Estimate => estimate;

    /// <summary>Where it was found; null as long as it was not.</summary>
    public long? Place { get; private set; }

    /// <summary>Whether the place where it must be was seen without it.</summary>
    public bool IsAbsent { get; private set; }

    /// <summary>Whether looking on page by page does not pay.</summary>
    public bool GaveUp { get; private set; }

    public bool IsSettled => Place is not null || IsAbsent || GaveUp;

    /// <summary>Where to read next.</summary>
    /// <param name="drift">By how much the jobs found so far stood off their estimates.</param>
    /// <param name="length">How many jobs a page holds.</param>
    public long NextOffset(long drift, int length)
    {
        long offset = (_attempts, _high) switch
        {
            // Deletions that went unnoticed pull jobs up, and nothing pushes them down unnoticed: more room above than below.
            (0, _) => estimate + drift - (length * 3 / 4),
            (_, { } high) when _low > 0 => (_low + high - length) / 2,
            (_, { } high) => high - Step(length) + 1,
            _ => _low + Step(length) - length - 1,
        };
        return Math.Max(0, offset);
    }

    /// <summary>Looks for the job on a page, or for proof that it is gone: the page has its old neighbours and not the job.</summary>
    public void Recognise(WindowPage page)
    {
        Place = page.PlaceOf(key);
        if (Place is null && page.PlaceOf(tracked.Below) is { } below)
        {
            IsAbsent = page.Offset == 0 || page.PlaceOf(tracked.Above) < below;
        }
    }

    /// <summary>Learns from a page read for this job that does not show it.</summary>
    public void Narrow(WindowPage page)
    {
        _attempts++;
        if (page.PlaceOf(tracked.Above) is { } above)
        {
            _low = above + 1;
        }
        else if (page.PlaceOf(tracked.Below) is { } below)
        {
            _high = below;
        }
        else if (!NarrowByTime(page))
        {
            _guesses++;
            NarrowUpwards(page);
        }

        bool isNowhere = _high is { } high && (_low >= high || (page.Offset <= _low && high <= page.End));
        GaveUp = isNowhere || _attempts >= MaxAttempts || _guesses >= MaxGuesses;
    }

    // Newest first is the order seen, not one that is promised, so times only steer the search: they prove nothing.
    private bool NarrowByTime(WindowPage page)
    {
        if (page.Jobs.Count == 0)
        {
            _high = page.Offset;
            return true;
        }

        if (tracked.Job.CreateTime is not { } time || page.Jobs[0].CreateTime is not { } first || page.Jobs[^1].CreateTime is not { } last)
        {
            return false;
        }

        if (last >= time)
        {
            _low = Math.Max(_low, page.End);
        }
        else if (first <= time)
        {
            _high = page.Offset;
        }
        else
        {
            // It belongs in the middle of this page and is not there.
            _high = _low;
        }

        return true;
    }

    private void NarrowUpwards(WindowPage page)
    {
        if (page.Offset == 0)
        {
            _low = Math.Max(_low, page.End);
        }
        else
        {
            _high = page.Offset;
        }
    }

    // Without anything to steer by, no page is left out; with it, a leap too far is noticed.
    private long Step(int length) => _guesses > 0 ? length : (long)length << (2 * (_attempts - 1));
}
