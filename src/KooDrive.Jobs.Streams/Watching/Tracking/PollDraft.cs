namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// What one poll has observed so far. It returns what to read next (<see cref="StartNext"/>): the filtered lists, the head of the list, windows, and where
/// that was not enough, everything. Nothing counts before <see cref="JobTracker.Commit"/>.
/// </summary>
internal sealed class PollDraft
{
    private readonly KnownJobs _known;
    private readonly RecentJobs _recent;
    private readonly Func<bool, HeadSlice> _startHead;
    private readonly Func<TrackedJob, long> _placeBefore;
    private readonly long _margin;
    private readonly int _pageSize;
    private readonly Dictionary<JobKey, Sighting> _sightings = [];
    private readonly Dictionary<JobKey, TrackedJob> _replaced = [];
    private readonly HashSet<JobKey> _absent = [];
    // Observed in a filtered list and not tracked: they came just now, or were evicted.
    private readonly List<Job> _strangers = [];
    private readonly HashSet<JobKey> _sought;
    private WindowSearch? _search;
    private PollRead? _current;
    private int _filtersRead;
    private bool _hasReadHead;
    private bool _hasStartedAgain;
    private bool _orderBroke;

    /// <summary>Begins a poll.</summary>
    /// <param name="plan">What to read besides the head.</param>
    /// <param name="known">The jobs tracked.</param>
    /// <param name="recent">The newest jobs of the polls before; null for the first poll.</param>
    /// <param name="newestBefore">The newest creation time of the poll before, in ticks.</param>
    /// <param name="placeBefore">The position of a tracked job at the poll before.</param>
    /// <param name="pageLength">The number of jobs on a page; 0 when that is not known.</param>
    /// <param name="options">The options.</param>
    public PollDraft(
        PollPlan plan, KnownJobs known, RecentJobs? recent, long newestBefore, Func<TrackedJob, long> placeBefore, int pageLength, PollingOptions options)
    {
        Plan = plan;
        IsFullPass = plan.IsFullPass;
        IsFirst = recent is null;
        PageLength = pageLength;
        _known = known;
        _recent = recent ?? RecentJobs.None;
        _placeBefore = placeBefore;
        _margin = options.LateMargin.Ticks;
        _pageSize = options.PageSize;
        _sought = [.. plan.Deep];
        _startHead = keepsAll => new HeadSlice(_recent, newestBefore, keepsAll, options);
        Head = _startHead(IsFirst || !_recent.IsByTime);
    }

    public PollPlan Plan { get; }

    /// <summary>Whether there was no poll before.</summary>
    public bool IsFirst { get; }

    public HeadSlice Head { get; private set; }

    /// <summary>The first page of the list.</summary>
    public IReadOnlyList<Job> FirstPage { get; private set; } = [];

    /// <summary>Whether the first page was all that was read of the list, and no job was searched for elsewhere or found to be gone.</summary>
    public bool ReadFirstPageOnly =>
        !IsFullPass && Head.Count == FirstPage.Count && _absent.Count == 0 && _search is { Targets.Count: 0 };

    /// <summary>Whether everything is read: planned so, or because less was not enough.</summary>
    public bool IsFullPass { get; private set; }

    /// <summary>Whether the poll's requests ran out.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>The most jobs that a page of the whole list has had, up to the page size.</summary>
    public int PageLength { get; private set; }

    /// <summary>How many requests a page of the head took: more than one where thousands of jobs of one second change their order.</summary>
    public long HeadRequestsPerPage { get; private set; } = 1;

    /// <summary>The tracked jobs that were observed, each as last observed.</summary>
    public IReadOnlyDictionary<JobKey, Sighting> Sightings => _sightings;

    /// <summary>The tracked jobs that were not observed where they must be.</summary>
    public IReadOnlySet<JobKey> Absent => _absent;

    /// <summary>The tracked jobs whose id denotes a newer job now: ids are unique, so they are gone.</summary>
    public IReadOnlyDictionary<JobKey, TrackedJob> Replaced => _replaced;

    /// <summary>The jobs searched for by windows, with the positions where they were expected.</summary>
    public IEnumerable<WindowTarget> Targets => _search?.Targets ?? [];

    /// <summary>Starts what the poll reads next.</summary>
    /// <param name="isOverBudget">Whether the poll has used its requests, so that windows are no longer an option.</param>
    /// <returns>What to read; null when the poll has read everything that it needs.</returns>
    /// <exception cref="InvalidOperationException">The read started before has not ended.</exception>
    public PollRead? StartNext(bool isOverBudget)
    {
        if (_current is not null)
        {
            throw new InvalidOperationException($"{_current} has not ended.");
        }

        if (_filtersRead < Plan.Filters.Count)
        {
            return _current = new PollRead.Filter(Plan.Filters[_filtersRead++]);
        }

        if (!_hasReadHead)
        {
            _hasReadHead = true;
            return _current = new PollRead.Head();
        }

        if (NextWindow() is { } offset)
        {
            if (!isOverBudget)
            {
                return _current = new PollRead.Window(offset);
            }

            Exhaust();
        }

        if (_hasStartedAgain || !NeedsFullPass)
        {
            return null;
        }

        StartAgain();
        return _current = new PollRead.Head();
    }

    /// <summary>Takes a page of what is read, in the order of the list.</summary>
    /// <returns>Whether to read on.</returns>
    /// <exception cref="InvalidOperationException">No read is in progress.</exception>
    public bool Take(IReadOnlyList<Job> jobs)
    {
        switch (_current)
        {
            case PollRead.Filter:
                return TakeFiltered(jobs);
            case PollRead.Head:
                return TakeHead(jobs);
            case PollRead.Window window:
                TakeWindow(window.Offset, jobs);
                return false;
            default:
                throw new InvalidOperationException("No read was started.");
        }
    }

    /// <summary>Notes that the poll has used its requests.</summary>
    /// <returns>Whether to read on: a list that is read from its top is then read to its end.</returns>
    public bool Exhaust()
    {
        if (!IsFullPass)
        {
            IsExhausted = IsFullPass = true;
            _filtersRead = Plan.Filters.Count;
        }

        return _current is PollRead.Head;
    }

    /// <summary>Ends a read.</summary>
    /// <param name="isEndOfList">Whether the list ended; false when it was not read to its end.</param>
    /// <param name="requests">How many requests the read took.</param>
    public void EndRead(bool isEndOfList, long requests)
    {
        switch (_current)
        {
            case PollRead.Head:
                HeadRequestsPerPage = Math.Max(1, requests / Math.Max(1, PollPlan.Pages(Head.Count, PageLength)));
                if (isEndOfList)
                {
                    EndHead();
                }

                break;
            case PollRead.Filter when !isEndOfList:
                // What was searched for in the filtered lists was observed.
                _filtersRead = Plan.Filters.Count;
                break;
        }

        _current = null;
    }

    /// <summary>Whether only the whole list can show the rest.</summary>
    private bool NeedsFullPass => Head.MustStartOver
        || (!Head.ReachedEnd && (IsExhausted || _orderBroke || Targets.Any(target => target.GaveUp) || _strangers.Exists(job => !Head.Covers(job.CreateTime?.UtcTicks))));

    /// <summary>Why changes may have been missed; null when none were.</summary>
    public WatchGapReason? Loss =>
        !IsFirst && (_orderBroke || Head.OrderBroke || Head.IsLost) ? WatchGapReason.OrderChanged
        : IsExhausted ? WatchGapReason.RequestsExhausted
        : null;

    private bool TakeFiltered(IReadOnlyList<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            var found = new FoundJob(JobKey.Of(job), job, Place: 0);
            _sought.Remove(found.Key);
            if (Find(found) is { } tracked)
            {
                _sightings[found.Key] = new Sighting(tracked, job, Found: null);
            }
            else if (_known.HasRoom)
            {
                _strangers.Add(job);
            }
        }

        return Plan.ReadsFiltersWhole || _sought.Count > 0;
    }

    private bool TakeHead(IReadOnlyList<Job> jobs)
    {
        // A listing reads a tie group that fills a page with a larger limit; a window is never larger than the page size.
        PageLength = Math.Max(PageLength, Math.Min(jobs.Count, _pageSize));
        FirstPage = Head.Count == 0 ? jobs : FirstPage;
        foreach (Job job in jobs)
        {
            var found = new FoundJob(JobKey.Of(job), job, Head.Count);
            Head.See(found, Recognise(found), _known.Evicted.ContainsKey(found.Key));
        }

        return !Head.MustStartOver && (IsFullPass || !Head.IsClosed);
    }

    private void EndHead()
    {
        Head.EndList();
        IsFullPass = true;
        _absent.UnionWith(_known.Keys.Where(key => !_sightings.ContainsKey(key)));
    }

    private long? NextWindow()
    {
        if (IsFullPass || NeedsFullPass)
        {
            return null;
        }

        _search ??= StartSearch();
        return _search.NextOffset();
    }

    private void TakeWindow(long offset, IReadOnlyList<Job> jobs)
    {
        PageLength = Math.Max(PageLength, jobs.Count);
        var page = new WindowPage(offset, jobs, PageLength);
        _orderBroke |= !page.Order.IsByTime(_margin);
        for (int index = 0; index < jobs.Count; index++)
        {
            Recognise(new FoundJob(JobKey.Of(jobs[index]), jobs[index], offset + index));
        }

        if (_orderBroke)
        {
            return;
        }

        _search!.See(page);
        _absent.UnionWith(_search.Targets.Where(target => target.IsAbsent).Select(target => target.Key));
    }

    // From the top, to read everything.
    private void StartAgain()
    {
        _hasStartedAgain = IsFullPass = true;
        _orderBroke |= Head.OrderBroke;
        Head = _startHead(Loss is WatchGapReason.OrderChanged || IsFirst || !_recent.IsByTime);
    }

    private WindowSearch StartSearch()
    {
        List<WindowTarget> targets = [];
        foreach ((JobKey key, TrackedJob tracked) in _known.Sought)
        {
            if (_sightings.ContainsKey(key))
            {
                continue;
            }

            if (Head.Covers(tracked.Time))
            {
                _absent.Add(key);
            }
            else
            {
                targets.Add(new WindowTarget(key, tracked, _placeBefore(tracked) + Head.Shift, _recent.Disorder));
            }
        }

        return new WindowSearch(targets, Math.Max(PageLength, 2));
    }

    private bool Recognise(FoundJob found)
    {
        if (Find(found) is not { } tracked)
        {
            return false;
        }

        _sightings[found.Key] = new Sighting(tracked, found.Job, found);
        return true;
    }

    // An id with another creation time is another job. It is newer than all before: a server that writes its times in another way does not make others
    // of all its jobs.
    private TrackedJob? Find(FoundJob found)
    {
        if (_known.Find(found.Key) is not { } tracked)
        {
            return null;
        }

        if (found.Time == tracked.Time || tracked.Time is null || (_recent.IsByTime ? !_recent.IsAboveFloor(found.Time) : !(found.Time > tracked.Time)))
        {
            return tracked;
        }

        _replaced[found.Key] = tracked;
        _sightings.Remove(found.Key);
        return null;
    }
}
