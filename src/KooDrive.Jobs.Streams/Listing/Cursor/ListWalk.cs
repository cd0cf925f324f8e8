namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// The rules of a walk over a list that changes while it is read: receives pages, and returns new jobs and the next requests. No I/O, no clock.
/// </summary>
/// <remarks>
/// A walk has a position, and each page is located relative to it: by creation time (<see cref="TimeCursor"/>), or by the ids of the jobs
/// yielded last (<see cref="AnchorCursor"/>) where times do not determine the order: in lists that are not sorted by creation time and in tie
/// groups larger than a page. A page that does not connect to the position starts a search for a page that does. Where "exactly once"
/// cannot be guaranteed, the walk throws a <see cref="JobListingException"/>.
/// </remarks>
internal sealed class ListWalk
{
    private const int MaxPagesWithoutProgress = 250;
    private const int MaxPagesOfUnchangedList = 250;
    private const int MaxPagesOfOneJob = 6;
    private const int MinPossibleEnds = 3;

    private readonly JobListingOptions _options;
    private readonly ResumePoint? _resumeFrom;
    private readonly WalkState _state;
    private readonly PageLocator _locator;
    private readonly RequestPlanner _planner;
    private readonly HashSet<string> _taskIdsOfPage = new(TaskIdComparer.Instance);
    private int _lateCount;

    /// <param name="query">The filters.</param>
    /// <param name="options">How the list is read. Valid, and not changed anymore.</param>
    /// <param name="resumeFrom">The position to resume from; null for the start of the list.</param>
    public ListWalk(JobQuery query, JobListingOptions options, ResumePoint? resumeFrom = null)
    {
        _options = options;
        _resumeFrom = resumeFrom;
        _state = new WalkState(query, options, resumeFrom);
        _locator = new PageLocator(_state);
        _planner = new RequestPlanner(_state, options.PagesInFlight);
    }

    /// <summary>Whether the end of the list was reached.</summary>
    public bool IsDone { get; private set; }

    public long Pages { get; private set; }

    public long Jobs { get; private set; }

    public long Requests { get; private set; }

    /// <summary>The number of pages that did not connect to the position of the walk, because the list had shifted.</summary>
    public long Shifts => _state.Shifts;

    // The maximum number of jobs still to be yielded.
    private long MaxCount => (_options.MaxJobs ?? long.MaxValue) - Jobs;

    /// <summary>Returns the next request, if another request should be in flight.</summary>
    public bool TryRequest(out PageRange request)
    {
        if (IsDone || _state.InFlight.Count >= (_state.IsOneAtATime || _state.IsSearching ? 1 : _options.PagesInFlight))
        {
            request = default;
            return false;
        }

        request = _state.InFlight.Send();
        Requests++;
        return true;
    }

    /// <summary>Takes the response to the oldest request in flight.</summary>
    /// <exception cref="JobListingException">The list changed in a way in which "exactly once" cannot be guaranteed.</exception>
    public WalkStep Accept(Job[] jobs)
    {
        RequestsInFlight.Request request = _state.InFlight.TakeOldest();
        int requestsBefore = _state.InFlight.Count;
        _state.MaxServed = Math.Max(_state.MaxServed, jobs.Length);
        var page = new WalkPage(request.Range.Offset, request.Range.Limit, jobs, IsShort: jobs.Length < Math.Min(request.Range.Limit, _state.MaxServed));
        Pages++;
        _state.PagesWithoutProgress++;
        _lateCount = 0;
        ArraySegment<Job> newJobs = Read(page, request.IsAhead);
        ThrowIfEndless(page);
        return new WalkStep(newJobs, _lateCount, DropsRequests: _state.InFlight.Count < requestsBefore);
    }

    /// <summary>The position of the walk: after the last job yielded.</summary>
    public ResumePoint GetResumePoint() => _state.GetResumePoint();

    // A search over a list that has stopped changing ends by itself, so a walk gives up only at a page that shows a change. The second limit is for servers with
    // contradictory responses.
    private void ThrowIfEndless(WalkPage page)
    {
        long excess = _state.PagesWithoutProgress - MaxPagesWithoutProgress - _state.PagesToSearch;
        if (!IsDone && excess > 0 && (_state.Search is { HasChanged: true } || excess > MaxPagesOfUnchangedList))
        {
            throw WalkFailures.NoProgress(page.Offset, _state.PagesWithoutProgress);
        }
    }

    private ArraySegment<Job> Read(WalkPage page, bool isAhead)
    {
        if (_resumeFrom is { IsIncomplete: true })
        {
            throw WalkFailures.PositionLost(page.Offset, ResumePoint.UnorderedLimit);
        }

        if (page.FindRepeatedTaskId(_taskIdsOfPage) is { } repeated)
        {
            throw WalkFailures.RepeatedOnPage(page.Offset, repeated);
        }

        if (_state.IsSorted && !page.IsSortedByTime)
        {
            _state.TreatAsUnsorted();
        }

        if (_state.IsSorted)
        {
            _state.TieOrder.Read(page, _state.Time.Time);
        }

        if (_state.Probe.ReturnTo is not null)
        {
            _state.InFlight.ContinueAt(_state.Probe.Read(page, _state.MaxServed));
            return ArraySegment<Job>.Empty;
        }

        if (_state.OnlyJobOffset is { } onlyJob)
        {
            return ReadAfterOnlyJob(page, onlyJob);
        }

        if (page.IsEmpty && page.Offset == (_state.HasStarted ? _state.LowestOffset : _state.InFlight.Next.Offset))
        {
            // Offset 0 is never requested, so a job that moved there would be missed.
            return _state.HasStarted && _state.LowestOffset > 0 ? throw WalkFailures.PositionLost(page.Offset, _state.Remembered.Count) : End();
        }

        return !_state.HasStarted ? Take(page)
            : _state.GroupCount is not null ? CountGroup(page)
            : Follow(page, _locator.Locate(page, isAhead));
    }

    private ArraySegment<Job> ReadAfterOnlyJob(WalkPage page, long onlyJob)
    {
        _state.OnlyJobOffset = null;
        if (page.IsEmpty)
        {
            return Follow(page, PagePosition.AtEnd);
        }

        if (_state.MaxServed == 1 && _state.PagesWithoutProgress > MaxPagesOfOneJob)
        {
            throw WalkFailures.PageTooSmall(page.Offset);
        }

        _planner.ContinueAt(page, onlyJob);
        return ArraySegment<Job>.Empty;
    }

    private ArraySegment<Job> Follow(WalkPage page, PagePosition position)
    {
        switch (position)
        {
            case PagePosition.Connected or PagePosition.AtEnd when _locator.MayLackJobsOfGroup(page):
                StartCounting(page, isSuspicion: !_state.TieOrder.HasChanged);
                break;
            case PagePosition.Connected:
                return Take(page);
            case PagePosition.NotDeepEnough or PagePosition.AtEndOfNewer when _locator.MayBeBehindStep(page):
                _planner.NoteShift();
                _state.Search = _state.NewSearch();
                _state.Search.CountContradictions(page);
                _planner.ContinueAt(page, Math.Max(_state.LowestOffset, page.Offset - _state.MaxServed + 1));
                break;
            case PagePosition.AtEndOfNewer when page.Count > 1 && ++_state.PossibleEnds < MinPossibleEnds:
                _planner.SearchForward(page);
                break;
            case PagePosition.AtEndOfNewer when _state.Search?.ConfirmEnd(page.Offset) is { } offset:
                // If the list is still sorted by time, every job from the position on was removed. Earlier pages confirm that.
                _planner.ContinueAt(page, offset);
                break;
            case PagePosition.AtEnd:
                return End();
            case PagePosition.AtEndOfNewer:
                ArraySegment<Job> late = TakeLate(page, MaxCount);
                Jobs += late.Count;
                return End(late);
            case PagePosition.NotDeepEnough when _state.Search?.ConfirmNewer(page) is { } offset:
                _planner.ContinueAt(page, offset);
                break;
            case PagePosition.OutOfDate:
                _state.InFlight.ContinueAt(new PageRange(page.Offset, page.Limit));
                break;
            case PagePosition.Contradictory:
                _planner.ContinueAt(page, _state.Search!.PreviousOffset);
                break;
            case PagePosition.NotDeepEnough when page.Count == 1 && _state.MaxServed == 1:
                _state.OnlyJobOffset = page.Offset;
                _planner.ContinueAt(page, page.End);
                break;
            case PagePosition.NotDeepEnough:
                _planner.SearchForward(page);
                break;
            case PagePosition.OrderBroken when _state.IsSorted && !_state.Time.IsGroupEvicted:
                StartCounting(page, isSuspicion: false);
                break;
            case PagePosition.OrderBroken:
                throw WalkFailures.OrderChanged(page.Offset);
            default:
                _planner.SearchBack(page);
                break;
        }

        return ArraySegment<Job>.Empty;
    }

    private ArraySegment<Job> Take(WalkPage page)
    {
        long max = MaxCount;
        int rememberedBefore = _state.Remembered.Count;
        ArraySegment<Job> jobs = _state.IsSorted ? TakeSorted(page, max) : _state.Anchor.Take(page, max);
        _state.HasStarted = true;
        _locator.NoteConnected();
        Jobs += jobs.Count;
        if (jobs.Count > 0 || _state.Remembered.Count > rememberedBefore)
        {
            _state.PagesWithoutProgress = 0;
        }

        bool isTrustedEnd = _options.TrustShortPages && jobs.Count > 0 && page.Count < page.Limit;

        // A server may return pages of any length. A short page proves the end if it starts with the job before the last tie group and has no further job. While
        // the list changes, pages overlap by more; then several of them must end with the same job.
        bool mayBeEnd = _state.IsSorted && jobs.Count == 0 && page.IsShort;
        _state.PossibleEnds = mayBeEnd ? _state.PossibleEnds + 1 : 0;
        bool isProvenEnd = mayBeEnd && (page.LastNewerThan(_state.Time.Time) <= 0 || _state.PossibleEnds >= MinPossibleEnds);
        _planner.PlanNext(page, jobs.Count);
        return isTrustedEnd || isProvenEnd || Jobs == _options.MaxJobs ? End(jobs) : jobs;
    }

    private ArraySegment<Job> TakeSorted(WalkPage page, long max)
    {
        if (_state.HasStarted && !_state.Time.IsGroupEvicted)
        {
            return TakeAfterPosition(page, max);
        }

        ArraySegment<Job> jobs = First(max, _state.HasStarted ? _state.Anchor.SelectAfterAnchor(page) : page.Jobs);
        _state.Time.Advance(jobs);
        return jobs;
    }

    private ArraySegment<Job> TakeAfterPosition(WalkPage page, long max)
    {
        ArraySegment<Job> late = TakeLate(page, max);
        ArraySegment<Job> jobs = First(max - late.Count, _state.Time.SelectNew(page, page.FirstNotNewerThan(_state.Time.Time)));
        _state.Time.Advance(jobs);
        return late.Count == 0 ? jobs : (Job[])[.. late, .. jobs];
    }

    private ArraySegment<Job> TakeLate(WalkPage page, long max)
    {
        ArraySegment<Job> late = First(max, _state.Time.SelectLate(page, page.FirstNotNewerThan(_state.Time.Time)));
        _state.Time.AdvanceLate(late);
        _lateCount = late.Count;
        return late;
    }

    private static ArraySegment<Job> First(long max, ArraySegment<Job> jobs) => jobs[..(int)Math.Min(jobs.Count, max)];

    private void StartCounting(WalkPage page, bool isSuspicion)
    {
        _state.StartCounting(isSuspicion);
        FindGroup(page);
    }

    private void FindGroup(WalkPage page)
    {
        _state.Search = _state.NewSearch();
        _planner.ContinueAt(page, _state.Search.Back(page.Offset));
    }

    // Every page of a tie group that is larger than a page and whose order is not stable may contain jobs that were not yielded.
    private ArraySegment<Job> CountGroup(WalkPage page)
    {
        TieGroupCount group = _state.GroupCount!;
        int newer = page.FirstNotNewerThan(_state.Time.Time);
        int older = page.FirstNotNewerThan(_state.Time.Time - 1);
        if (group.Next is null)
        {
            PagePosition position = page.IsEmpty ? PagePosition.TooDeep : TimeCursor.Locate(page, newer);
            if (position is not PagePosition.Connected)
            {
                return Follow(page, position);
            }
        }
        else if (newer > 0)
        {
            group.Restart();
            if (!group.IsExhausted)
            {
                FindGroup(page);
                return ArraySegment<Job>.Empty;
            }

            EndCounting(page);
            return Follow(page, _locator.Locate(page, isAhead: false));
        }

        _state.Search = null;
        group.Add(page, newer, older);
        if (group.IsRepeating)
        {
            throw WalkFailures.OrderChanged(page.Offset);
        }

        if (older == page.Count && !page.IsEmpty && !page.IsShort)
        {
            // Bounded by the length of the group, and by the number of readings.
            _state.PagesWithoutProgress = 0;
            _planner.ContinueAt(page, group.Next!.Value);
            return TakeMembers(page, newer, older);
        }

        if (group.TryComplete() || group.IsExhausted)
        {
            EndCounting(page);

            // If the list shifted meanwhile, jobs may be listed between the group and a page after the group.
            return older > 0 ? Take(page) : Follow(page, _locator.Locate(page, isAhead: false));
        }

        _state.PagesWithoutProgress = 0;
        FindGroup(page);
        return TakeMembers(page, newer, older);
    }

    // A group that was only suspected to be unstable counts as complete after several readings without a new job, also while the list keeps changing.
    private void EndCounting(WalkPage page)
    {
        if (_state.GroupCount is { IsComplete: false, IsSuspicion: false })
        {
            throw WalkFailures.OrderChanged(page.Offset);
        }

        _state.EndCounting();
    }

    private ArraySegment<Job> TakeMembers(WalkPage page, int start, int end)
    {
        ArraySegment<Job> jobs = First(MaxCount, _state.Time.SelectMembers(page, start, end));
        if (jobs.Count > 0)
        {
            _state.GroupCount?.NoteProgress();
        }

        _state.Time.Advance(jobs);
        Jobs += jobs.Count;
        return _state.Time.IsGroupEvicted ? throw WalkFailures.OrderChanged(page.Offset)
            : Jobs == _options.MaxJobs ? End(jobs)
            : jobs;
    }

    private ArraySegment<Job> End() => End(ArraySegment<Job>.Empty);

    private ArraySegment<Job> End(ArraySegment<Job> jobs)
    {
        IsDone = true;
        _state.InFlight.Drop();
        return jobs;
    }
}
