namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The list as read from its top, compared with <see cref="RecentJobs"/>: which jobs are new?</summary>
/// <param name="recent">The newest jobs of earlier polls.</param>
/// <param name="newestBefore">The newest creation time of the last poll, in ticks.</param>
/// <param name="keepsAll">Whether every job that is not tracked counts, however old: there was no poll before, or the list is not sorted.</param>
/// <param name="options">The margin and the page size.</param>
internal sealed class HeadSlice(RecentJobs recent, long newestBefore, bool keepsAll, PollingOptions options)
{
    // How far to read when the newest jobs of the last poll are missing.
    private const int MaxPagesToRememberedJob = 4;

    private readonly List<FoundJob> _strangers = [];

    // Not above the floor, and inserted all the same.
    private readonly HashSet<JobKey> _inserted = [];
    private readonly List<FoundJob> _belowFloor = [];
    private readonly List<(JobKey Key, long? Time)> _newest = [];
    private readonly ListOrder _order = new();
    private readonly long _margin = options.LateMargin.Ticks;

    // The newest job that was read and not put into _newest.
    private long _newestLeftOut = long.MinValue;
    private long _deepestRemembered = -1;
    private bool _metAny;
    private int _countAboveFloor;

    /// <summary>The number of jobs read.</summary>
    public long Count { get; private set; }

    public bool ReachedEnd { get; private set; }

    /// <summary>The newest creation time read, in ticks.</summary>
    public long NewestTime => _order.Newest;

    /// <summary>Whether what was read is sorted by creation time.</summary>
    public bool IsByTime => _order.IsByTime(_margin);

    /// <summary>Whether the list was sorted by creation time and is not any more.</summary>
    public bool OrderBroke => recent.IsByTime && !IsByTime;

    /// <summary>Whether the order broke and older jobs, which count now, were skipped.</summary>
    public bool MustStartOver => OrderBroke && !keepsAll;

    /// <summary>Whether, in a list that is not sorted, no remembered job is left, so that new jobs cannot be distinguished from old ones.</summary>
    public bool IsLost => !recent.IsByTime && !recent.IsWhole && _deepestRemembered < 0 && _strangers.Count > 0;

    /// <summary>Whether nothing further down can be new, so that reading can end.</summary>
    /// <remarks>
    /// When no job was read before, a clock may have been set back before a page of new jobs. So reading continues to one that was, where the step shows,
    /// or for a few pages: they may have been deleted. It need not when no job is newer than at the last poll, as in a large group of ties.
    /// </remarks>
    public bool IsClosed => recent.IsByTime && IsByTime && OldestBelow <= recent.Floor && (_metAny || NewestTime == newestBefore || Count >= MaxPagesToRememberedJob * options.PageSize);

    /// <summary>The number of positions by which the jobs below the floor were shifted down.</summary>
    public int Shift => recent.IsByTime ? _countAboveFloor - recent.CountAboveFloor : 0;

    /// <summary>The jobs that came since.</summary>
    public IEnumerable<FoundJob> New => _strangers.Where(IsNew);

    /// <summary>The other jobs that are not tracked, as far as they matter.</summary>
    public IEnumerable<FoundJob> Old => _strangers.Where(found => !IsNew(found));

    /// <summary>Every job that is not tracked; for a first poll.</summary>
    public IReadOnlyList<FoundJob> Strangers => _strangers;

    private long Disorder => Math.Max(recent.Disorder, _order.Disorder);

    // No job that was not read is newer.
    private long OldestBelow => ReachedEnd ? long.MinValue : Count == 0 ? long.MaxValue : _order.Oldest + Disorder;

    /// <summary>Whether a job with a creation time would have been read if it were still listed.</summary>
    public bool Covers(long? time) => ReachedEnd || (IsByTime && time > OldestBelow);

    /// <summary>Takes the next job of the list.</summary>
    /// <param name="found">The job.</param>
    /// <param name="isTracked">Whether it is tracked.</param>
    /// <param name="isEvicted">Whether it was unfinished when it was evicted, so that its end matters.</param>
    public void See(FoundJob found, bool isTracked, bool isEvicted)
    {
        Count++;
        _order.Add(found.Time);
        bool isRemembered = recent.Contains(found);
        bool isAboveFloor = recent.IsAboveFloor(found.Time);
        _countAboveFloor += isAboveFloor ? 1 : 0;
        _metAny |= isRemembered || isTracked;
        _deepestRemembered = isRemembered ? found.Place : _deepestRemembered;
        Keep(found);
        if (isRemembered || isTracked)
        {
            FindInserted(found.Time);
        }
        else if (!isAboveFloor && Count <= options.PageSize)
        {
            _belowFloor.Add(found);
        }

        if (!isTracked && (keepsAll || isEvicted || !found.Job.IsFinished || (isAboveFloor && !isRemembered)))
        {
            _strangers.Add(found);
        }
    }

    public void EndList() => ReachedEnd = true;

    /// <summary>The newest jobs for the next poll.</summary>
    /// <param name="settled">The creation time up to which no job is expected any more, in ticks.</param>
    /// <param name="pageLength">The number of jobs on a page.</param>
    /// <param name="gone">The jobs published as vanished: when one is listed again, it is new.</param>
    public RecentJobs Next(long settled, int pageLength, IReadOnlySet<JobKey> gone)
    {
        IEnumerable<(JobKey Key, long? Time)> before = recent.Jobs.Where(job => !gone.Contains(job.Key));
        if (!IsByTime || (Count == 0 && !recent.IsByTime))
        {
            return RecentJobs.ByPosition(isWhole: ReachedEnd && _newest.Count == Count, _newest, before);
        }

        // Half a page is remembered in any case: whatever the clocks do, what is listed above it later is found to be new, with one request as long as
        // there are no more new jobs than the other half holds.
        long half = _newest.Count == 0 ? long.MinValue : _newest[Math.Clamp(pageLength / 2, 1, _newest.Count) - 1].Time!.Value;
        long floor = Math.Max(Math.Max(OldestBelow, _newestLeftOut), Math.Min(settled, half));

        // It never falls: a lagging replica leaves out jobs that were read, and are not remembered any more.
        floor = recent.IsByTime ? Math.Max(floor, recent.Floor) : floor;
        return RecentJobs.ByTime(floor, ReachedEnd ? _order.Disorder : Disorder, _newest, before);
    }

    // A clock was set back: a job is older than one below it that was read before, by more than any job was then. So it was not there then.
    private void FindInserted(long? time)
    {
        foreach (FoundJob found in _belowFloor.Where(found => recent.IsByTime && found.Time + recent.Disorder < time))
        {
            if (_inserted.Add(found.Key) && found.Job.IsFinished && !keepsAll)
            {
                _strangers.Add(found);
            }
        }
    }

    private bool IsNew(FoundJob found) => !recent.Contains(found)
        && (recent.IsByTime ? recent.IsAboveFloor(found.Time) || _inserted.Contains(found.Key) : recent.IsWhole || found.Place < _deepestRemembered);

    private void Keep(FoundJob found)
    {
        bool mayMatter = keepsAll || Count <= options.PageSize || found.Time > NewestTime - _margin;
        if (mayMatter && _newest.Count < RecentJobs.MaxCount)
        {
            _newest.Add((found.Key, found.Time));
        }
        else
        {
            _newestLeftOut = Math.Max(_newestLeftOut, found.Time ?? long.MinValue);
        }
    }
}
