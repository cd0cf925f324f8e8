namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job that is searched for, one page at a time, around its estimated position. Its creation time leads to it, and proves that it is gone.</summary>
/// <param name="key">The key of the job.</param>
/// <param name="tracked">The job.</param>
/// <param name="estimate">The estimated position.</param>
/// <param name="disorder">The most by which a job of the list is newer than one before it, in ticks.</param>
internal sealed class WindowTarget(JobKey key, TrackedJob tracked, long estimate, long disorder)
{
    private const int MaxAttempts = 24;

    // It is at or after _low and before _high, as far as the pages read show.
    private long _low;
    private long? _high;
    private int _attempts;

    public JobKey Key => key;

    /// <summary>The estimated position, if no job before it was deleted unnoticed.</summary>
    public long Estimate => estimate;

    /// <summary>Where it was found; null as long as it was not.</summary>
    public long? Place { get; private set; }

    /// <summary>Whether one response showed the whole stretch in which the job must be, without the job.</summary>
    public bool IsAbsent { get; private set; }

    /// <summary>Whether the search ended without a result.</summary>
    public bool GaveUp { get; private set; } = tracked.Time is null;

    /// <summary>Whether a whole page showed nothing but jobs among which the job may be anywhere.</summary>
    public bool IsCrowded { get; private set; }

    public bool IsSettled => Place is not null || IsAbsent || GaveUp;

    /// <summary>Where to read next.</summary>
    /// <param name="drift">The number of positions by which the last job found was off its estimate.</param>
    /// <param name="length">The number of jobs on a page.</param>
    public long NextOffset(long drift, int length)
    {
        // The step grows fourfold.
        long step = (long)length << (2 * (_attempts - 1));
        long offset = (_attempts, _high) switch
        {
            // Deletions that went unnoticed pull jobs up, and nothing pushes them down unnoticed: more room before than after.
            (0, _) => estimate + drift - (length * 3 / 4),
            (_, { } high) when _low > 0 => (_low + high - length) / 2,
            (_, { } high) => high - step + 1,
            _ => _low + step - length - 1,
        };
        return Math.Max(0, offset);
    }

    /// <summary>Looks for the job on a page, or for proof that it is gone.</summary>
    public void Recognise(WindowPage page)
    {
        Place = page.PlaceOf(key);
        IsAbsent = Place is null && tracked.Time is { } time && page.StartsAbove(time, disorder) && page.EndsBelow(time, disorder);
    }

    /// <summary>Learns from a page read for this job that neither shows it nor proves that it is gone.</summary>
    public void Narrow(WindowPage page)
    {
        long time = tracked.Time!.Value;
        if (page.StartsAbove(time, disorder))
        {
            _low = Math.Max(_low, page.End);
        }
        else if (page.IsEmpty || page.EndsBelow(time, disorder))
        {
            _high = page.Offset;
        }
        else
        {
            IsCrowded = true;
        }

        bool isNowhere = _high is { } high && page.Offset <= _low && high <= page.End;
        GaveUp = IsCrowded || isNowhere || ++_attempts >= MaxAttempts;
    }
}
