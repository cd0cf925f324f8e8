namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A job that is searched for, one page at a time, by its estimated position and its creation time.</summary>
/// <param name="key">The key of the job.</param>
/// <param name="tracked">The job.</param>
/// <param name="estimate">The estimated position.</param>
/// <param name="disorder">The maximum time by which a job of the list is newer than a job before it, in ticks.</param>
internal sealed class WindowTarget(JobKey key, TrackedJob tracked, long estimate, long disorder)
{
    private const int MaxAttempts = 24;

    // According to the pages read, the job is at or after _low and before _high.
    private long _low;
    private long? _high;
    private int _attempts;

    public JobKey Key => key;

    /// <summary>The estimated position, if no job before it was deleted unnoticed.</summary>
    public long Estimate => estimate;

    /// <summary>The position at which the job was found; null until then.</summary>
    public long? Position { get; private set; }

    /// <summary>Whether a page contains every position at which the job can be, and not the job.</summary>
    public bool IsAbsent { get; private set; }

    /// <summary>Whether the search ended without a result.</summary>
    public bool GaveUp { get; private set; } = tracked.Time is null;

    /// <summary>Whether a whole page contains only jobs created at about the same time as the job.</summary>
    public bool IsCrowded { get; private set; }

    public bool IsSettled => Position is not null || IsAbsent || GaveUp;

    /// <summary>Returns the offset of the next page.</summary>
    /// <param name="estimateError">The error of the estimate of the last job found.</param>
    /// <param name="length">The number of jobs on a page.</param>
    public long NextOffset(long estimateError, int length)
    {
        // The step grows fourfold.
        long step = (long)length << (2 * (_attempts - 1));
        long offset = (_attempts, _high) switch
        {
            // Insertions are always observed, but unobserved deletions move jobs up, so the page starts well before the estimate.
            (0, _) => estimate + estimateError - (length * 3 / 4),
            (_, { } high) when _low > 0 => (_low + high - length) / 2,
            (_, { } high) => high - step + 1,
            _ => _low + step - length - 1,
        };
        return Math.Max(0, offset);
    }

    /// <summary>Checks whether a page contains the job, or proves that the job is absent.</summary>
    public void Match(WindowPage page)
    {
        Position = page.PositionOf(key);
        IsAbsent = Position is null && tracked.Time is { } time && page.StartsNewerThan(time, disorder) && page.EndsOlderThan(time, disorder);
    }

    /// <summary>Narrows the search by a page that neither contains the job nor proves its absence.</summary>
    public void Narrow(WindowPage page)
    {
        long time = tracked.Time!.Value;
        if (page.StartsNewerThan(time, disorder))
        {
            _low = Math.Max(_low, page.End);
        }
        else if (page.IsEmpty || page.EndsOlderThan(time, disorder))
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
