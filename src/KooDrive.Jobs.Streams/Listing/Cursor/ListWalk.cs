namespace KooDrive.Jobs.Streams;

/// <summary>
/// The rules of a walk over a list that changes while it is read: pages in, new jobs and the next requests out. No I/O, no clock.
/// </summary>
/// <remarks>
/// A walk has a position, and each page is located relative to it: by creation time (<see cref="TimeCursor"/>), or by the ids of the jobs
/// yielded last (<see cref="AnchorCursor"/>) where times say nothing, which is in lists that are not sorted by creation time and in tie
/// groups larger than a page. A page that does not connect to the position starts a search for one that does. Where "exactly once" cannot
/// be guaranteed, the walk throws a <see cref="JobListingException"/>.
/// </remarks>
internal sealed class ListWalk
{
    /// <summary>The smallest limit requested: with fewer jobs a page has no room for what the next page overlaps.</summary>
    public const int MinLimit = 4;

    /// <summary>The largest limit that the API accepts.</summary>
    public const int MaxLimit = 100;

    private const int LimitFactor = 4;
    private const int LargeGroupOverlapDivisor = 8;
    private const int CalmPagesBeforeSmallerOverlap = 8;
    private const int MaxPagesWithoutProgress = 100;
    private const int MaxPagesOfOneJob = 6;
    private const int MaxUnrecognizedPages = 8;
    private const int MaxContradictions = 4;

    private readonly ListWalkOptions _options;
    private readonly RememberedJobs _remembered = new();
    private readonly TimeCursor _time;
    private readonly AnchorCursor _anchor;
    private readonly RequestsInFlight _inFlight;
    private readonly OffsetProbe _probe = new();
    private readonly int _baseLimit;
    private readonly long _lowestOffset;

    private bool _hasBegun;
    private bool _isSorted = true;
    private bool _isInLargeGroup;
    private bool _isOneAtATime = true;
    private OffsetSearch? _search;
    private AnchorSearch? _anchorSearch;
    private TieGroupCount? _groupCount;
    private long? _onlyJobOffset;
    private int _overlap;
    private int _seamOverlap;
    private int _calmPages;
    private int _maxServed;
    private int _pagesWithoutProgress;
    private int _unrecognizedPages;
    private long _pagesToSearch;
    private long _resumeOffset;

    public ListWalk(ListWalkOptions options)
    {
        _options = options;
        _time = new TimeCursor(_remembered);
        _anchor = new AnchorCursor(_remembered);
        _baseLimit = Math.Max(MinLimit, options.PageSize);
        _lowestOffset = options.FirstOffset == 1 ? 1 : 0;
        _resumeOffset = options.ResumeFrom?.Offset ?? options.FirstOffset;
        _inFlight = new RequestsInFlight(new PageRange(_resumeOffset, _baseLimit));
        _remembered.HasEvicted = options.FirstOffset > _lowestOffset;
        if (options.ResumeFrom is { HasBegun: true } resume)
        {
            Restore(resume);
        }
    }

    /// <summary>Whether the end of the list was reached.</summary>
    public bool IsDone { get; private set; }

    public long Pages { get; private set; }

    public long Jobs { get; private set; }

    public long Requests { get; private set; }

    /// <summary>How many pages did not connect to the position of the walk, because the list had shifted.</summary>
    public long Shifts { get; private set; }

    /// <summary>Gives the next request, if the walk wants another one in flight.</summary>
    public bool TryRequest(out PageRange request)
    {
        bool isSearching = _search is not null || _anchorSearch is not null || _groupCount is not null || _probe.ReturnTo is not null;
        if (IsDone || _inFlight.Count >= (_isOneAtATime || isSearching ? 1 : _options.PagesInFlight))
        {
            request = default;
            return false;
        }

        request = _inFlight.Send();
        Requests++;
        return true;
    }

    /// <summary>Takes the response to the oldest request in flight.</summary>
    /// <exception cref="JobListingException">The list changed in a way in which "exactly once" cannot be guaranteed.</exception>
    public WalkStep Accept(Job[] jobs)
    {
        RequestsInFlight.Request request = _inFlight.TakeOldest();
        int requestsBefore = _inFlight.Count;
        _maxServed = Math.Max(_maxServed, jobs.Length);
        var page = new WalkPage(request.Range.Offset, request.Range.Limit, jobs, IsShort: jobs.Length < Math.Min(request.Range.Limit, _maxServed));
        CountPage(page);
        ArraySegment<Job> newJobs = Read(page, request.IsAhead);
        return new WalkStep(newJobs, DropsRequests: _inFlight.Count < requestsBefore);
    }

    /// <summary>The position of the walk: after the last job yielded.</summary>
    public ResumePoint GetResumePoint() => new()
    {
        Query = _options.Query,
        Offset = _resumeOffset,
        HasBegun = _hasBegun,
        Time = _hasBegun && _isSorted ? _time.Time : null,
        TaskIds = [.. _remembered.TaskIds.TakeLast(Math.Min(RememberedCount, ResumePoint.TaskIdLimit))],
        Unordered = _anchor.Unordered.Count <= ResumePoint.UnorderedLimit ? [.. _anchor.Unordered] : [],
        IsIncomplete = _anchor.Unordered.Count > ResumePoint.UnorderedLimit,
        HasEvicted = RememberedCount > ResumePoint.TaskIdLimit || (_isSorted ? _time.IsGroupEvicted : _remembered.HasEvicted),
        IsInLargeGroup = _isInLargeGroup,
    };

    private int RememberedCount => _isSorted ? Math.Min(_time.GroupCount, _remembered.Count) : _remembered.Count;

    private void Restore(ResumePoint resume)
    {
        _hasBegun = true;
        _remembered.HasEvicted = true;
        foreach (string taskId in resume.TaskIds)
        {
            _remembered.Append(taskId, resume.Time ?? 0);
        }

        if (resume.Time is { } time)
        {
            _time.Restore(time, resume.TaskIds.Count, resume.HasEvicted);
            _isInLargeGroup = resume.IsInLargeGroup;
            _remembered.UseIndex(_isInLargeGroup || resume.HasEvicted);
        }
        else
        {
            TreatAsUnsorted();
            _remembered.HasEvicted = resume.HasEvicted;
            _anchor.Restore(resume.Unordered);
        }
    }

    private void CountPage(WalkPage page)
    {
        Pages++;
        if (++_pagesWithoutProgress > MaxPagesWithoutProgress + _pagesToSearch)
        {
            throw WalkFailures.NoProgress(page.Offset, _pagesWithoutProgress);
        }
    }

    private ArraySegment<Job> Read(WalkPage page, bool isAhead)
    {
        if (_options.ResumeFrom is { IsIncomplete: true })
        {
            throw WalkFailures.AnchorLost(page.Offset, ResumePoint.UnorderedLimit);
        }

        if (page.FindRepeatedTaskId() is { } repeated)
        {
            throw WalkFailures.RepeatedOnPage(page.Offset, repeated);
        }

        if (_isSorted && !page.IsSortedByTime)
        {
            TreatAsUnsorted();
        }

        if (_probe.ReturnTo is not null)
        {
            _inFlight.ContinueAt(_probe.Read(page, _maxServed));
            return ArraySegment<Job>.Empty;
        }

        if (_onlyJobOffset is { } onlyJob)
        {
            return ReadAfterOnlyJob(page, onlyJob);
        }

        if (page.IsEmpty && page.Offset == (_hasBegun ? _lowestOffset : _inFlight.Next.Offset))
        {
            // Offset 0 was not read, so a job that moved there would be lost.
            return _hasBegun && _lowestOffset > 0 ? throw WalkFailures.AnchorLost(page.Offset, _remembered.Count) : End();
        }

        return !_hasBegun ? Take(page)
            : _groupCount is not null ? CountGroup(page)
            : Follow(page, Locate(page, isAhead));
    }

    private ArraySegment<Job> ReadAfterOnlyJob(WalkPage page, long onlyJob)
    {
        _onlyJobOffset = null;
        if (page.IsEmpty)
        {
            return End();
        }

        if (_maxServed == 1 && _pagesWithoutProgress > MaxPagesOfOneJob)
        {
            throw WalkFailures.PageTooSmall(page.Offset);
        }

        ContinueAt(page, onlyJob);
        return ArraySegment<Job>.Empty;
    }

    private ArraySegment<Job> Follow(WalkPage page, PagePosition position)
    {
        switch (position)
        {
            case PagePosition.Connected:
                return Take(page);
            case PagePosition.NotDeepEnough or PagePosition.AtEndOfNewer when MayBeBehindStep(page):
                NoteShift();
                _search = NewSearch();
                _search.CountContradictions(page);
                ContinueAt(page, Math.Max(_lowestOffset, page.Offset - _maxServed + 1));
                return ArraySegment<Job>.Empty;
            case PagePosition.AtEndOfNewer when page.Offset > _lowestOffset && _search is { HasReadTop: false }:
                // Every job from the position on was removed, if the list is still sorted by time: its top shows that.
                _search.EndOffset = page.Offset;
                ContinueAt(page, _lowestOffset);
                return ArraySegment<Job>.Empty;
            case PagePosition.AtEnd or PagePosition.AtEndOfNewer:
                return End();
            case PagePosition.NotDeepEnough when _search?.EndOffset is { } endOffset:
                _search.EndOffset = null;
                ContinueAt(page, endOffset);
                return ArraySegment<Job>.Empty;
            case PagePosition.OutOfDate:
                _inFlight.ContinueAt(new PageRange(page.Offset, page.Limit));
                return ArraySegment<Job>.Empty;
            case PagePosition.Contradictory:
                ContinueAt(page, _search!.PreviousOffset);
                return ArraySegment<Job>.Empty;
            case PagePosition.NotDeepEnough when page.Count == 1 && _maxServed == 1:
                _onlyJobOffset = page.Offset;
                ContinueAt(page, page.End);
                return ArraySegment<Job>.Empty;
            case PagePosition.NotDeepEnough:
                SearchForward(page);
                return ArraySegment<Job>.Empty;
            case PagePosition.OrderBroken when _isSorted && !_time.IsGroupEvicted:
                StartCounting(page);
                return ArraySegment<Job>.Empty;
            case PagePosition.OrderBroken:
                throw WalkFailures.OrderChanged(page.Offset);
            default:
                SearchBack(page);
                return ArraySegment<Job>.Empty;
        }
    }

    // Only newer jobs, and none of them known: a page of jobs was inserted, or times step back before this page. The page before it shows which.
    private bool MayBeBehindStep(WalkPage page) =>
        _isSorted && _search is null && !page.IsEmpty && page.TimeAt(page.Count - 1) > _time.Time && page.Offset > _lowestOffset && !_time.RemembersAnyOf(page);

    private PagePosition Locate(WalkPage page, bool isAhead)
    {
        if (page.IsEmpty)
        {
            return PagePosition.TooDeep;
        }

        if (!_isSorted)
        {
            return _anchor.Locate(page, page.Count, isAhead);
        }

        int newer = page.FirstNotNewerThan(_time.Time);
        if (!_time.IsAsExpected(page))
        {
            int contradictions = _search?.CountContradictions(page) ?? 0;
            if (contradictions is > 0 and < MaxContradictions)
            {
                // Either the list is not sorted by time, or it changed between the two pages: the page before shows which.
                return PagePosition.Contradictory;
            }

            if (contradictions > 0 || _time.HasYieldedOlder(page))
            {
                TreatAsUnsorted();
                return _anchor.Locate(page, page.Count, mayBeOutOfDate: false);
            }

            if (!_time.Recognizes(page, newer) && _search?.Connects(page) is not true)
            {
                return LocateUnrecognized(page);
            }
        }

        PagePosition position = TimeCursor.Locate(page, newer);
        bool needsAnchor = position is PagePosition.Connected ? _time.IsGroupEvicted
            : position is PagePosition.TooDeep && _isInLargeGroup && page.TimeAt(0) == _time.Time;
        return needsAnchor ? LocateInGroup(page, isAhead)
            : position is PagePosition.TooDeep && page.Offset <= _lowestOffset ? throw WalkFailures.AnchorLost(page.Offset, _remembered.Count)
            : position;
    }

    private PagePosition LocateInGroup(WalkPage page, bool isAhead)
    {
        int count = page.FirstNotNewerThan(_time.Time - 1);
        PagePosition position = _anchor.HasNewBeforeAnchor(page, count) ? PagePosition.OrderBroken : _anchor.Locate(page, count, isAhead);

        // A page that was produced before the page before it may hold jobs that were removed since.
        return isAhead && position is PagePosition.OrderBroken ? PagePosition.OutOfDate : position;
    }

    // What precedes the position was neither read nor inserted at the top. A connected page may be further up; if none is found, the list is not
    // sorted by time.
    private PagePosition LocateUnrecognized(WalkPage page)
    {
        if (++_unrecognizedPages < MaxUnrecognizedPages)
        {
            return PagePosition.TooDeep;
        }

        TreatAsUnsorted();
        return _anchor.Locate(page, page.Count, mayBeOutOfDate: false);
    }

    private void TreatAsUnsorted()
    {
        (_isSorted, _isInLargeGroup, _search, _groupCount) = (false, false, null, null);
        _remembered.UseIndex(true);
    }

    private ArraySegment<Job> Take(WalkPage page)
    {
        long max = (_options.MaxJobs ?? long.MaxValue) - Jobs;
        int rememberedBefore = _remembered.Count;
        ArraySegment<Job> jobs = _isSorted ? TakeSorted(page, max) : _anchor.Take(page, max);
        _hasBegun = true;
        _unrecognizedPages = 0;
        Jobs += jobs.Count;
        if (jobs.Count > 0 || _remembered.Count > rememberedBefore)
        {
            _pagesWithoutProgress = 0;
        }

        bool isTrustedEnd = _options.TrustShortPages && jobs.Count > 0 && page.Count < page.Limit;
        bool isProvenEnd = _isSorted && jobs.Count == 0 && page.IsShort;
        PlanNext(page, jobs.Count);
        return isTrustedEnd || isProvenEnd || Jobs == _options.MaxJobs ? End(jobs) : jobs;
    }

    private ArraySegment<Job> TakeSorted(WalkPage page, long max)
    {
        ArraySegment<Job> jobs = !_hasBegun ? page.Jobs
            : _time.IsGroupEvicted ? _anchor.SelectAfterAnchor(page)
            : _time.SelectNew(page, page.FirstNotNewerThan(_time.Time));
        jobs = jobs[..(int)Math.Min(jobs.Count, max)];
        _time.Advance(jobs);
        return jobs;
    }

    private void PlanNext(WalkPage page, int newJobs)
    {
        AdaptOverlap();
        int index = _isSorted ? page.LastNewerThan(_time.Time) : -1;
        PageRange next;
        if (index > 0)
        {
            next = PlanByTime(page, index);
        }
        else if (page.Count == 1 && _maxServed == 1)
        {
            // The only job of the list, or a server that returns one at a time: the page after it shows which.
            (_onlyJobOffset, next) = (page.Offset, new PageRange(page.Offset + 1, page.Limit));
        }
        else if (_isSorted && page.IsShort)
        {
            next = new PageRange(page.Offset, page.Limit);
        }
        else if (_isSorted && page.Count == page.Limit && page.Limit < MaxLimit)
        {
            // The tie group may go on after the page: a larger page shows it whole.
            next = new PageRange(page.Offset, Math.Min(MaxLimit, LimitFactor * page.Limit));
        }
        else
        {
            next = PlanByAnchor(page, newJobs);
        }

        _resumeOffset = index > 0 || _isInLargeGroup || !_isSorted ? next.Offset : page.Offset;
        Send(page, next);
    }

    // The next page starts at the job before the last tie group, so that it shows that group whole.
    private PageRange PlanByTime(WalkPage page, int index)
    {
        if (_isInLargeGroup)
        {
            _isInLargeGroup = false;
            _remembered.UseIndex(false);
        }

        (_search, _anchorSearch) = (null, null);
        _seamOverlap = Math.Max(page.Count - index, _seamOverlap - 1);
        int first = index - Math.Min(_overlap, index - 1);
        _time.ExpectedFirst = page.Jobs[first].TaskId;
        return new PageRange(page.Offset + first, _baseLimit);
    }

    // The next page starts with remembered jobs. After a page without new jobs, it starts where the last of them is expected.
    private PageRange PlanByAnchor(WalkPage page, int newJobs)
    {
        if (_isSorted)
        {
            _isInLargeGroup = true;
            _remembered.UseIndex(true);
        }

        int overlap = Math.Clamp(_isSorted ? page.Count / LargeGroupOverlapDivisor : _overlap, 1, Math.Max(1, page.Count / 2));
        _seamOverlap = overlap;
        long next = page.End - overlap;
        long last = _anchor.EstimateLast(page);
        if (newJobs > 0)
        {
            (_search, _anchorSearch) = (null, null);
        }
        else if (last >= page.End)
        {
            _search ??= NewSearch();
            long searched = _search.Forward(page.End - 1, page.Count);
            next = _search.IsBracketed ? searched : last + 1 - overlap;
        }

        return new PageRange(next, page.Limit);
    }

    private void Send(WalkPage page, PageRange next)
    {
        _isOneAtATime = page.IsShort || next.Limit != page.Limit || _onlyJobOffset is not null;
        _inFlight.Next = next;
        _inFlight.Stride = Math.Max(1, page.Count - _seamOverlap - _overlap);
        if (_probe.IsDueAfter(page))
        {
            _inFlight.ContinueAt(_probe.Start(next, _maxServed));
        }
        else if (_isOneAtATime || next.Offset <= page.Offset || _inFlight.OldestOffset > next.Offset)
        {
            _inFlight.Drop();
        }
    }

    private void SearchBack(WalkPage page)
    {
        NoteShift();
        bool isByAnchor = !_isSorted || _time.IsGroupEvicted;
        if (isByAnchor && (_anchorSearch is not null || _isSorted || _remembered.HasEvicted))
        {
            SearchAnchor(page);
        }
        else if (isByAnchor && page.Offset <= _lowestOffset)
        {
            StartAgain(page);
        }
        else
        {
            if (_search is null)
            {
                _search = NewSearch();
                _ = _isSorted && !page.IsEmpty ? _search.CountContradictions(page) : 0;
            }

            ContinueAt(page, _search.Back(page.Offset));
        }
    }

    private void SearchAnchor(WalkPage page)
    {
        if (_anchorSearch is null)
        {
            // It reads the list twice at most, as long as the list is now.
            _anchorSearch = new AnchorSearch(_lowestOffset);
            _pagesToSearch = 4 * page.End / Math.Max(1, _maxServed);
        }

        ContinueAt(page, _anchorSearch.Next(page.Offset, page.Count, _maxServed, _remembered.Count)
            ?? throw WalkFailures.AnchorLost(page.Offset, _remembered.Count));
    }

    private void SearchForward(WalkPage page)
    {
        NoteShift();
        if (_search is null)
        {
            _search = NewSearch();
            _search.CountContradictions(page);
        }

        ContinueAt(page, _search.Forward(page.End - 1, page.Count));
    }

    private void StartAgain(WalkPage page)
    {
        _search = null;
        if (_lowestOffset == 0 && _anchor.TryStartAgain())
        {
            // Every job ever yielded is remembered, and none is at the top of the list: what is there now was not yielded.
            ContinueAt(page, page.Offset);
        }
        else
        {
            SearchAnchor(page);
        }
    }

    private OffsetSearch NewSearch() => new(_lowestOffset, firstStepBack: Math.Max(_overlap, Math.Max(MinLimit, _maxServed / 8)));

    private void ContinueAt(WalkPage page, long offset) => _inFlight.ContinueAt(new PageRange(offset, page.Limit));

    private void NoteShift()
    {
        Shifts++;
        _calmPages = 0;
        _overlap = Math.Min(Math.Max(2, 2 * _overlap), _baseLimit / 2);
    }

    /// <summary>An overlap that grew when the list shifted shrinks again when it does not: half the requests while the list changes often.</summary>
    private void AdaptOverlap()
    {
        if (_search is null && _anchorSearch is null && ++_calmPages >= CalmPagesBeforeSmallerOverlap)
        {
            (_overlap, _calmPages) = (_overlap / 2, 0);
        }
    }

    private void StartCounting(WalkPage page)
    {
        _groupCount = new TieGroupCount();
        FindGroup(page);
    }

    private void FindGroup(WalkPage page)
    {
        _search = NewSearch();
        ContinueAt(page, _search.Back(page.Offset));
    }

    // A tie group that is larger than a page and whose order is not stable: every page of it may hold jobs that were not yielded.
    private ArraySegment<Job> CountGroup(WalkPage page)
    {
        TieGroupCount group = _groupCount!;
        int newer = page.IsEmpty ? 0 : page.FirstNotNewerThan(_time.Time);
        int older = page.IsEmpty ? 0 : page.FirstNotNewerThan(_time.Time - 1);
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
            if (group.IsExhausted)
            {
                throw WalkFailures.OrderChanged(page.Offset);
            }

            FindGroup(page);
            return ArraySegment<Job>.Empty;
        }

        _search = null;
        group.Add(page, newer, older);
        if (older == page.Count && !page.IsEmpty && !page.IsShort)
        {
            // Bounded by the length of the group, and by the number of readings.
            _pagesWithoutProgress = 0;
            ContinueAt(page, group.Next!.Value);
            return TakeMembers(page, newer, older);
        }

        if (group.TryComplete())
        {
            _groupCount = null;
            return page.IsEmpty ? End() : Take(page);
        }

        if (group.IsExhausted)
        {
            throw WalkFailures.OrderChanged(page.Offset);
        }

        _pagesWithoutProgress = 0;
        FindGroup(page);
        return TakeMembers(page, newer, older);
    }

    private ArraySegment<Job> TakeMembers(WalkPage page, int start, int end)
    {
        Job[] jobs = [.. page.Jobs[start..end].Where(job => !_time.HasYielded(job))];
        if (jobs.Length > (_options.MaxJobs ?? long.MaxValue) - Jobs)
        {
            jobs = jobs[..(int)(_options.MaxJobs!.Value - Jobs)];
        }

        if (jobs.Length > 0)
        {
            _groupCount?.NoteProgress();
        }

        _time.Advance(jobs);
        Jobs += jobs.Length;
        return _time.IsGroupEvicted ? throw WalkFailures.OrderChanged(page.Offset)
            : Jobs == _options.MaxJobs ? End(jobs)
            : jobs;
    }

    private ArraySegment<Job> End() => End(ArraySegment<Job>.Empty);

    private ArraySegment<Job> End(ArraySegment<Job> jobs)
    {
        IsDone = true;
        _inFlight.Drop();
        return jobs;
    }
}
