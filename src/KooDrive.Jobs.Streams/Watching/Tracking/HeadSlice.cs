namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The head of the list, which determines the new jobs by comparison with <see cref="RecentJobs"/>.</summary>
/// <param name="recent">The newest jobs of earlier polls.</param>
/// <param name="newestBefore">The newest creation time of the last poll, in ticks.</param>
/// <param name="keepsAll">Whether untracked jobs of any age are kept: at the first poll, and when the list is not sorted.</param>
/// <param name="options">The margin and the page size.</param>
internal sealed class HeadSlice(RecentJobs recent, long newestBefore, bool keepsAll, PollingOptions options)
{
    // The maximum number of pages to read when the newest jobs of the last poll are missing.
    private const int MaxPagesToRememberedJob = 4;

    private readonly List<FoundJob> _untrackedJobs = [];

    // Inserted although they are not newer than the floor.
    private readonly HashSet<JobKey> _inserted = [];
    private readonly List<FoundJob> _notNewerThanFloor = [];
    private readonly List<(JobKey Key, long? Time)> _newest = [];
    private readonly ListOrder _order = new();
    private readonly long _margin = options.LateMargin.Ticks;

    // The creation time of the newest job that was read and not added to _newest.
    private long _newestNotKept = long.MinValue;
    private long _deepestRemembered = -1;
    private bool _hasReadEarlierJob;
    private int _countNewerThanDepth;

    /// <summary>The number of jobs read.</summary>
    public long Count { get; private set; }

    public bool ReachedEnd { get; private set; }

    /// <summary>The newest creation time read, in ticks.</summary>
    public long NewestTime => _order.Newest;

    /// <summary>Whether what was read is sorted by creation time.</summary>
    public bool IsByTime => _order.IsByTime(_margin);

    /// <summary>Whether the list was sorted by creation time and is no longer sorted.</summary>
    public bool OrderBroke => recent.IsByTime && !IsByTime;

    /// <summary>Whether the order broke and the older jobs, which are needed now, were skipped.</summary>
    public bool MustStartOver => OrderBroke && !keepsAll;

    /// <summary>Whether an unsorted list contains no remembered job, so that new jobs cannot be distinguished from old jobs.</summary>
    public bool IsLost => !recent.IsByTime && !recent.IsWhole && _deepestRemembered < 0 && _untrackedJobs.Count > 0;

    /// <summary>Whether no later job can be new, so that reading can end.</summary>
    /// <remarks>
    /// When no job read is remembered or tracked, a clock may have been set back before a page of new jobs. So reading continues to such a job, which shows the step, or for
    /// a few pages, because these jobs may have been deleted. This is not necessary when no job is newer than at the last poll, as in a large group of ties.
    /// </remarks>
    public bool IsComplete => recent.IsByTime && IsByTime && MaxTimeAfter <= recent.Depth && (_hasReadEarlierJob || NewestTime == newestBefore || Count >= MaxPagesToRememberedJob * options.PageSize);

    /// <summary>The number of positions by which the jobs older than the depth were shifted.</summary>
    public int Shift => recent.IsByTime ? _countNewerThanDepth - recent.CountNewerThanDepth : 0;

    /// <summary>The untracked jobs that are new.</summary>
    public IEnumerable<FoundJob> NewJobs => _untrackedJobs.Where(IsNew);

    /// <summary>The untracked jobs that are not new, and unfinished or evicted.</summary>
    public IEnumerable<FoundJob> OldJobs => _untrackedJobs.Where(found => !IsNew(found));

    /// <summary>The untracked jobs, for a first poll.</summary>
    public IReadOnlyList<FoundJob> UntrackedJobs => _untrackedJobs;

    private long Disorder => Math.Max(recent.Disorder, _order.Disorder);

    // No job that was not read is newer.
    private long MaxTimeAfter => ReachedEnd ? long.MinValue : Count == 0 ? long.MaxValue : _order.Oldest + Disorder;

    /// <summary>Whether a job with a creation time would have been read if it were still listed.</summary>
    public bool Covers(long? time) => ReachedEnd || (IsByTime && time > MaxTimeAfter);

    /// <summary>Adds the next job of the list.</summary>
    /// <param name="found">The job.</param>
    /// <param name="isTracked">Whether the job is tracked.</param>
    /// <param name="isEvicted">Whether the job was unfinished when it was evicted, so that its end is published.</param>
    public void Add(FoundJob found, bool isTracked, bool isEvicted)
    {
        Count++;
        _order.Add(found.Time);
        bool isRemembered = recent.Contains(found);
        bool isNewerThanFloor = recent.IsNewerThanFloor(found.Time);
        _countNewerThanDepth += found.Time > recent.Depth ? 1 : 0;
        _hasReadEarlierJob |= isRemembered || isTracked;
        _deepestRemembered = isRemembered ? found.Position : _deepestRemembered;
        Keep(found);
        if (isRemembered || isTracked)
        {
            FindInserted(found.Time);
        }
        else if (!isNewerThanFloor && Count <= options.PageSize)
        {
            _notNewerThanFloor.Add(found);
        }

        if (!isTracked && (keepsAll || isEvicted || !found.Job.IsFinished || (isNewerThanFloor && !isRemembered)))
        {
            _untrackedJobs.Add(found);
        }
    }

    public void EndList() => ReachedEnd = true;

    /// <summary>Returns the newest jobs for the next poll.</summary>
    /// <param name="settled">The creation time up to which no further job is expected, in ticks.</param>
    /// <param name="pageLength">The number of jobs on a page.</param>
    /// <param name="vanished">The jobs published as vanished, which are new when they are listed again.</param>
    public RecentJobs Next(long settled, int pageLength, IReadOnlySet<JobKey> vanished)
    {
        IEnumerable<(JobKey Key, long? Time)> before = recent.Jobs.Where(job => !vanished.Contains(job.Key));
        if (!IsByTime || (Count == 0 && !recent.IsByTime))
        {
            return RecentJobs.ByPosition(isWhole: ReachedEnd && _newest.Count == Count, _newest, before);
        }

        // Half a page is always remembered: jobs listed before it later are new regardless of clocks. Half of a small page is always read, so that one request
        // finds new jobs if they are few.
        long floor = Math.Max(_newestNotKept, Math.Min(settled, TimeOfRemembered(options.PageSize / 2, before)));

        // The floor never falls: jobs that a lagging replica omits are no longer remembered and would become new.
        floor = Math.Max(floor, recent.IsByTime ? recent.Floor : MaxTimeAfter);
        long depth = Math.Max(Math.Max(floor, MaxTimeAfter), Math.Min(settled, TimeOfNewest(Math.Min(pageLength, options.MinTopLimit) / 2)));
        return RecentJobs.ByTime(floor, depth, ReachedEnd ? _order.Disorder : Disorder, _newest, before);
    }

    private long TimeOfNewest(int number) => _newest.Count == 0 ? long.MinValue : _newest[Math.Clamp(number, 1, _newest.Count) - 1].Time!.Value;

    // The creation time of a remembered job by its number, newest first. When fewer are remembered, nothing more is evicted.
    private long TimeOfRemembered(int number, IEnumerable<(JobKey Key, long? Time)> before) => number <= _newest.Count || !recent.IsByTime
        ? TimeOfNewest(number)
        : _newest.Concat(before).DistinctBy(job => job.Key).Select(job => job.Time!.Value).OrderDescending().Skip(number - 1).FirstOrDefault(long.MinValue);

    // A clock was set back: a job that is older than a remembered or tracked job after it by more than the disorder of the last poll was not listed then.
    private void FindInserted(long? time)
    {
        foreach (FoundJob found in _notNewerThanFloor)
        {
            if (recent.IsByTime && found.Time + recent.Disorder < time && _inserted.Add(found.Key) && found.Job.IsFinished && !keepsAll)
            {
                _untrackedJobs.Add(found);
            }
        }
    }

    private bool IsNew(FoundJob found) => !recent.Contains(found)
        && (recent.IsByTime ? recent.IsNewerThanFloor(found.Time) || _inserted.Contains(found.Key) : recent.IsWhole || found.Position < _deepestRemembered);

    private void Keep(FoundJob found)
    {
        bool mayMatter = keepsAll || Count <= options.PageSize || found.Time > NewestTime - _margin;
        if (mayMatter && _newest.Count < RecentJobs.MaxCount)
        {
            _newest.Add((found.Key, found.Time));
        }
        else
        {
            _newestNotKept = Math.Max(_newestNotKept, found.Time ?? long.MinValue);
        }
    }
}
