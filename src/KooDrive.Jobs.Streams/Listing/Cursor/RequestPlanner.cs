namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>Plans the next request of a <see cref="ListWalk"/>: the page after the position, or the next page of a search for the position.</summary>
internal sealed class RequestPlanner(WalkState state, int pagesInFlight)
{
    private const int LimitFactor = 4;
    private const int LargeGroupOverlapDivisor = 8;
    private const int MinLargeGroupOverlap = 3;
    private const int CalmPagesBeforeSmallerOverlap = 8;

    private int _strideOverlap;
    private int _calmPages;

    /// <summary>Plans the request after a connected page.</summary>
    public void PlanNext(WalkPage page, int newJobs)
    {
        AdaptOverlap();
        int index = state.IsSorted ? page.LastNewerThan(state.Time.Time) : -1;
        PageRange next;
        if (index > 0)
        {
            next = PlanByTime(page, index);
        }
        else if (page.Count == 1 && state.MaxServed == 1)
        {
            // Either the only job of the list, or a server that returns one job per page: the next page shows which.
            (state.OnlyJobOffset, next) = (page.Offset, new PageRange(page.Offset + 1, page.Limit));
        }
        else if (state.IsSorted && page.IsShort)
        {
            next = new PageRange(page.Offset, page.Limit);
        }
        else if (state.IsSorted && page.Count == page.Limit && page.Limit < PageLimits.Max)
        {
            // The tie group may continue after the page, so a larger page is requested.
            next = new PageRange(page.Offset, Math.Min(PageLimits.Max, LimitFactor * page.Limit));
        }
        else
        {
            next = PlanByAnchor(page, newJobs);
        }

        state.ResumeOffset = index > 0 || state.IsInLargeGroup || !state.IsSorted ? next.Offset : page.Offset;
        Send(page, next);
    }

    /// <summary>Plans the request after a page that starts too deep.</summary>
    public void SearchBack(WalkPage page)
    {
        NoteShift();
        bool isByAnchor = !state.IsSorted || state.Time.IsGroupEvicted;
        if (isByAnchor && (state.AnchorSearch is not null || state.IsSorted || state.Remembered.HasEvicted))
        {
            SearchAnchor(page);
        }
        else if (isByAnchor && page.Offset <= state.LowestOffset)
        {
            StartAgain(page);
        }
        else
        {
            if (state.Search is null)
            {
                state.Search = state.NewSearch();
                _ = state.IsSorted && !page.IsEmpty ? state.Search.CountContradictions(page) : 0;
            }

            ContinueAt(page, state.Search.Back(page.Offset));
        }
    }

    /// <summary>Plans the request after a page that ends before the position.</summary>
    public void SearchForward(WalkPage page)
    {
        NoteShift();
        if (state.Search is null)
        {
            state.Search = state.NewSearch();
            state.Search.CountContradictions(page);
        }

        ContinueAt(page, state.Search.Forward(page.End - 1, page.Count));
    }

    /// <summary>Continues after a page that did not connect, or that belongs to a tie group which is counted.</summary>
    public void ContinueAt(WalkPage page, long offset)
    {
        state.Search?.NoteRead(page.Offset);
        state.InFlight.ContinueAt(new PageRange(offset, page.Limit));
    }

    /// <summary>Counts a page that did not connect, and overlaps the next pages by more.</summary>
    public void NoteShift()
    {
        state.Shifts++;
        _calmPages = 0;
        state.Overlap = Math.Min(Math.Max(2, 2 * state.Overlap), state.BaseLimit / 2);
    }

    // The next page starts at the job before the last tie group, so that it contains the whole group.
    private PageRange PlanByTime(WalkPage page, int index)
    {
        state.LeaveLargeGroup();
        state.EndSearches();

        // The offsets of pages in flight are chosen before their tie groups are known, so these pages overlap by the largest group read recently.
        int largest = pagesInFlight > 1 ? Math.Min(page.CountLargestTieGroup() + 1, page.Count / 2) : 0;
        _strideOverlap = Math.Max(page.Count - index, Math.Max(largest, _strideOverlap * 3 / 4));
        int first = index - Math.Min(state.Overlap, index - 1);
        state.Time.ExpectedFirst = page.Jobs[first].TaskId;
        return new PageRange(page.Offset + first, state.BaseLimit);
    }

    // The next page starts with remembered jobs. After a page without new jobs, it starts where the last remembered job is expected.
    private PageRange PlanByAnchor(WalkPage page, int newJobs)
    {
        if (state.IsSorted)
        {
            state.EnterLargeGroup(page.Offset + page.LastNewerThan(state.Time.Time) + 1);
        }

        int half = Math.Max(1, page.Count / 2);
        int overlap = state.IsSorted ? Math.Max(Math.Min(MinLargeGroupOverlap, half), page.Count / LargeGroupOverlapDivisor) : Math.Clamp(state.Overlap, 1, half);
        _strideOverlap = overlap;
        long next = page.End - overlap;
        long last = state.Anchor.EstimateLast(page);
        if (newJobs > 0)
        {
            state.EndSearches();
        }
        else if (last >= page.End)
        {
            state.Search ??= state.NewSearch();
            long searched = state.Search.Forward(page.End - 1, page.Count);
            next = state.Search.IsBracketed ? searched : last + 1 - overlap;
        }

        return new PageRange(next, page.Limit);
    }

    private void Send(WalkPage page, PageRange next)
    {
        state.IsOneAtATime = page.IsShort || next.Limit != page.Limit || state.OnlyJobOffset is not null;
        state.InFlight.Next = next;
        state.InFlight.Stride = Math.Max(1, page.Count - _strideOverlap - state.Overlap);
        if (state.Probe.IsDueAfter(page))
        {
            state.InFlight.ContinueAt(state.Probe.Start(next, state.MaxServed));
        }
        else if (state.IsOneAtATime || next.Offset <= page.Offset || state.InFlight.OldestOffset > next.Offset)
        {
            state.InFlight.Drop();
        }
    }

    private void SearchAnchor(WalkPage page)
    {
        if (state.AnchorSearch is null)
        {
            // The search reads the list at most twice, at its current length.
            state.AnchorSearch = new AnchorSearch(state.LowestOffset);
            state.PagesToSearch = 4 * page.End / Math.Max(1, state.MaxServed);
        }

        ContinueAt(page, state.AnchorSearch.Next(page.Offset, page.Count, state.MaxServed, state.Remembered.Count)
            ?? throw WalkFailures.PositionLost(page.Offset, state.Remembered.Count));
    }

    private void StartAgain(WalkPage page)
    {
        state.Search = null;
        if (state.LowestOffset == 0 && state.Anchor.TryStartAgain())
        {
            // Every yielded job is remembered, and none is at the top of the list, so the jobs there were not yielded.
            ContinueAt(page, page.Offset);
        }
        else
        {
            SearchAnchor(page);
        }
    }

    // The overlap grows when the list shifts, which halves the requests while the list changes often, and shrinks again while the list is stable.
    private void AdaptOverlap()
    {
        if (state.Search is null && state.AnchorSearch is null && ++_calmPages >= CalmPagesBeforeSmallerOverlap)
        {
            (state.Overlap, _calmPages) = (state.Overlap / 2, 0);
        }
    }
}
