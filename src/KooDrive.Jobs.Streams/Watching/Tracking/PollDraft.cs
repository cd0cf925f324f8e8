using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// The observations of one poll. <see cref="StartNext"/> returns what to read next: the filtered lists, the head of the list, windows, and the whole list when
/// these were not enough. <see cref="JobTracker.Commit"/> commits the observations.
/// </summary>
internal sealed class PollDraft
{
    private readonly TrackedJobs _tracked;
    private readonly RecentJobs _recent;
    private readonly Func<bool, HeadSlice> _startHead;
    private readonly Func<TrackedJob, long> _positionBefore;
    private readonly long _margin;
    private readonly int _pageSize;
    private readonly Dictionary<JobKey, Observation> _observations;
    private readonly Dictionary<JobKey, TrackedJob> _replaced = [];
    private readonly HashSet<JobKey> _absent = [];
    // Observed in a filtered list and untracked: new or evicted jobs.
    private readonly List<Job> _untrackedJobs = [];

    // The numbers of jobs and of requests after each page of the head. Most polls read one page.
    private readonly List<(long Jobs, long Requests)> _headReads = new(capacity: 1);
    private WindowSearch? _search;
    private PollRead? _current;
    private int _filtersRead;

    // The number of the first jobs of the plan that filtered lists contained.
    private int _deepObserved;
    private bool _hasReadTop;
    private bool _hasReadHead;
    private bool _hasStartedAgain;
    private bool _orderBroke;

    /// <summary>Starts a poll.</summary>
    /// <param name="plan">What to read besides the head.</param>
    /// <param name="tracked">The tracked jobs.</param>
    /// <param name="recent">The newest jobs of the previous polls; null for the first poll.</param>
    /// <param name="newestBefore">The newest creation time of the previous poll, in ticks.</param>
    /// <param name="positionBefore">Returns the position of a tracked job at the previous poll.</param>
    /// <param name="pageLength">The number of jobs on a page; 0 when it is not known.</param>
    /// <param name="options">The options.</param>
    public PollDraft(
        PollPlan plan, TrackedJobs tracked, RecentJobs? recent, long newestBefore, Func<TrackedJob, long> positionBefore, int pageLength, PollingOptions options)
    {
        Plan = plan;
        IsFullScan = plan.IsFullScan;
        IsFirst = recent is null;
        PageLength = pageLength;
        _tracked = tracked;
        _recent = recent ?? RecentJobs.None;
        _positionBefore = positionBefore;
        _margin = options.LateMargin.Ticks;
        _pageSize = options.PageSize;
        _observations = new Dictionary<JobKey, Observation>(tracked.CountToObserve);
        _startHead = keepsAll => new HeadSlice(_recent, newestBefore, keepsAll, options);
        Head = _startHead(IsFirst || !_recent.IsByTime);
    }

    public PollPlan Plan { get; }

    /// <summary>Whether this is the first poll.</summary>
    public bool IsFirst { get; }

    public HeadSlice Head { get; private set; }

    /// <summary>Identifies the response with the newest jobs; null when it is not known.</summary>
    public PageFingerprint? TopFingerprint { get; private set; }

    /// <summary>Whether only one page with the newest jobs was read, and no job was searched for or found absent.</summary>
    public bool ReadTopOnly =>
        _hasReadTop && UncountedRequests == 0 && !IsFullScan && Plan.Filters.Count == 0 && _absent.Count == 0 && _search is { Targets.Count: 0 };

    /// <summary>The number of requests that do not count toward the maximum of a poll: a page with the newest jobs that was too small.</summary>
    public int UncountedRequests { get; private set; }

    /// <summary>Whether the whole list is read, as planned or because less was not enough.</summary>
    public bool IsFullScan { get; private set; }

    /// <summary>Whether the poll reached its maximum number of requests.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Whether the poll reached that number in filtered lists and windows, and not in the head of the list.</summary>
    public bool IsExhaustedByTrackedJobs { get; private set; }

    /// <summary>The maximum number of jobs on a page of the whole list, up to the page size.</summary>
    public int PageLength { get; private set; }

    /// <summary>The last observations of the tracked jobs that were observed.</summary>
    public Dictionary<JobKey, Observation> Observations => _observations;

    /// <summary>The tracked jobs that were not observed at any possible position.</summary>
    public IReadOnlySet<JobKey> Absent => _absent;

    /// <summary>The tracked jobs whose id a newer job has now: ids are unique, so the tracked jobs are gone.</summary>
    public IReadOnlyDictionary<JobKey, TrackedJob> Replaced => _replaced;

    /// <summary>The jobs that windows search for, with their estimated positions.</summary>
    public IEnumerable<WindowTarget> Targets => _search?.Targets ?? [];

    /// <summary>Starts what the poll reads next.</summary>
    /// <param name="isOverBudget">Whether the poll has used its requests, so that windows are no longer an option.</param>
    /// <returns>What to read; null when the poll has read everything that it needs.</returns>
    /// <exception cref="InvalidOperationException">A read is in progress.</exception>
    public PollRead? StartNext(bool isOverBudget)
    {
        ThrowIfReading();
        if (_filtersRead < Plan.Filters.Count)
        {
            return _current = new PollRead.Filter(Plan.Filters[_filtersRead++]);
        }

        if (!_hasReadTop && !IsFullScan && Plan.TopLimit > 0)
        {
            _hasReadTop = true;
            return _current = new PollRead.Top(Plan.TopLimit);
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

        // The list is read again at most twice: when its order breaks while it is read again, the jobs that were skipped are needed too.
        if (!NeedsFullScan || (_hasStartedAgain && !Head.MustStartOver))
        {
            return null;
        }

        StartAgain();
        return _current = new PollRead.Head();
    }

    /// <summary>Requires that no read is in progress.</summary>
    /// <exception cref="InvalidOperationException">A read is in progress.</exception>
    public void ThrowIfReading()
    {
        if (_current is not null)
        {
            throw new InvalidOperationException($"{_current} is in progress.");
        }
    }

    /// <summary>Returns the number of requests that the first jobs of the list needed: more than their pages when many jobs of one second change their order.</summary>
    /// <param name="jobs">The number of jobs.</param>
    public long HeadRequestsFor(long jobs)
    {
        foreach ((long readJobs, long requests) in _headReads)
        {
            if (readJobs >= jobs)
            {
                return requests;
            }
        }

        return _headReads.LastOrDefault().Requests;
    }

    /// <summary>Adds a page of the read in progress, in the order of the list.</summary>
    /// <param name="jobs">The jobs of the page.</param>
    /// <param name="requests">The number of requests of the read so far.</param>
    /// <returns>Whether to continue the read.</returns>
    /// <exception cref="InvalidOperationException">No read is in progress.</exception>
    public bool Take(IReadOnlyList<Job> jobs, long requests)
    {
        switch (_current)
        {
            case PollRead.Filter:
                return TakeFiltered(jobs);
            case PollRead.Head or PollRead.Top:
                return TakeHead(jobs, requests);
            case PollRead.Window window:
                TakeWindow(window.Offset, jobs);
                return false;
            default:
                throw NotReading();
        }
    }

    /// <summary>Adds the page with the newest jobs.</summary>
    /// <exception cref="InvalidOperationException">The read in progress is not that of the newest jobs.</exception>
    public void TakeTop(JobPage page)
    {
        if (_current is not PollRead.Top)
        {
            throw new InvalidOperationException("The page with the newest jobs is not being read.");
        }

        TopFingerprint = page.Fingerprint;
        Take(page.Jobs, requests: 1);
    }

    /// <summary>Records that the poll has reached its maximum number of requests.</summary>
    /// <returns>Whether to continue the read: a read from the top of the list then continues to the end.</returns>
    public bool Exhaust()
    {
        if (!IsFullScan)
        {
            IsExhausted = IsFullScan = true;
            IsExhaustedByTrackedJobs = _current is not PollRead.Head;
            _filtersRead = Plan.Filters.Count;
        }

        return _current is PollRead.Head;
    }

    /// <summary>Ends a read.</summary>
    /// <param name="isEndOfList">Whether the list was read to its end.</param>
    /// <exception cref="InvalidOperationException">No read is in progress.</exception>
    public void EndRead(bool isEndOfList)
    {
        switch (_current)
        {
            case PollRead.Head when isEndOfList:
                EndHead();
                break;
            case PollRead.Top when Head.IsComplete || Head.MustStartOver:
                _hasReadHead = true;
                break;
            case PollRead.Top:
                // More jobs are new than expected: the head is read again, in pages of the maximum size.
                StartHead(keepsAll: false);
                UncountedRequests = 1;
                break;
            case PollRead.Filter when !isEndOfList:
                // Every job that was expected in the filtered lists was observed.
                _filtersRead = Plan.Filters.Count;
                break;
            case null:
                throw NotReading();
        }

        _current = null;
    }

    /// <summary>Whether the rest requires a full scan.</summary>
    private bool NeedsFullScan => Head.MustStartOver
        || (!Head.ReachedEnd && (IsExhausted || _orderBroke || Targets.Any(target => target.GaveUp) || _untrackedJobs.Exists(job => !Head.Covers(job.CreateTime?.UtcTicks))));

    /// <summary>The reason why changes may have been missed; null when none were.</summary>
    public WatchGapReason? Loss =>
        !IsFirst && (_orderBroke || Head.OrderBroke || Head.IsLost) ? WatchGapReason.OrderChanged
        : IsExhausted && !Plan.IsTrial ? WatchGapReason.RequestsExhausted
        : null;

    private static InvalidOperationException NotReading() => new("No read is in progress.");

    private bool TakeFiltered(IReadOnlyList<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            var found = new FoundJob(JobKey.Of(job), job, Position: 0);
            if (Find(found) is { } tracked)
            {
                _observations[found.Key] = new Observation(tracked, job, Position: null);
            }
            else if (_tracked.HasRoom)
            {
                _untrackedJobs.Add(job);
            }
        }

        return Plan.ReadsFiltersWhole || !HasObservedDeep();
    }

    private bool HasObservedDeep()
    {
        while (_deepObserved < Plan.Deep.Count && HasObserved(Plan.Deep[_deepObserved]))
        {
            _deepObserved++;
        }

        return _deepObserved == Plan.Deep.Count;
    }

    private bool HasObserved(JobKey key) => _observations.ContainsKey(key) || _replaced.ContainsKey(key);

    private bool TakeHead(IReadOnlyList<Job> jobs, long requests)
    {
        // A listing reads a group of ties that fills a page with a larger limit; a window is never larger than the page size.
        PageLength = Math.Max(PageLength, Math.Min(jobs.Count, _pageSize));
        foreach (Job job in jobs)
        {
            var found = new FoundJob(JobKey.Of(job), job, Head.Count);
            Head.Add(found, TryObserve(found), _tracked.Evicted.ContainsKey(found.Key));
        }

        _headReads.Add((Head.Count, requests));
        return !Head.MustStartOver && (IsFullScan || !Head.IsComplete);
    }

    private void EndHead()
    {
        Head.EndList();
        IsFullScan = true;
        _absent.UnionWith(_tracked.Keys.Where(key => !_observations.ContainsKey(key)));
    }

    private long? NextWindow()
    {
        if (IsFullScan || NeedsFullScan)
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
            TryObserve(new FoundJob(JobKey.Of(jobs[index]), jobs[index], offset + index));
        }

        if (_orderBroke)
        {
            return;
        }

        _search!.Add(page);
        _absent.UnionWith(_search.Targets.Where(target => target.IsAbsent).Select(target => target.Key));
    }

    // Reads the whole list from the top.
    private void StartAgain()
    {
        _hasStartedAgain = IsFullScan = true;
        _orderBroke |= Head.OrderBroke;
        StartHead(Loss is WatchGapReason.OrderChanged || IsFirst || !_recent.IsByTime);
    }

    private void StartHead(bool keepsAll)
    {
        Head = _startHead(keepsAll);
        _headReads.Clear();
    }

    private WindowSearch StartSearch()
    {
        List<WindowTarget> targets = [];
        foreach ((JobKey key, TrackedJob tracked) in _tracked.ToObserve)
        {
            if (_observations.ContainsKey(key))
            {
                continue;
            }

            if (Head.Covers(tracked.Time))
            {
                _absent.Add(key);
            }
            else
            {
                targets.Add(new WindowTarget(key, tracked, _positionBefore(tracked) + Head.Shift, _recent.Disorder));
            }
        }

        return new WindowSearch(targets, Math.Max(PageLength, 2));
    }

    private bool TryObserve(FoundJob found)
    {
        if (Find(found) is not { } tracked)
        {
            return false;
        }

        _observations[found.Key] = new Observation(tracked, found.Job, found.Position);
        return true;
    }

    // An id with another creation time is another job if it is newer than the jobs of the previous polls. Otherwise the server writes its creation times in another way.
    private TrackedJob? Find(FoundJob found)
    {
        if (_tracked.Find(found.Key) is not { } tracked)
        {
            return null;
        }

        if (found.Time == tracked.Time || tracked.Time is null || (_recent.IsByTime ? !_recent.IsNewerThanFloor(found.Time) : !(found.Time > tracked.Time)))
        {
            return tracked;
        }

        _replaced[found.Key] = tracked;
        _observations.Remove(found.Key);
        return null;
    }
}
