namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Locates pages relative to the position of a <see cref="ListWalk"/>, and changes from creation times to ids when the pages contradict an
/// order by creation time.
/// </summary>
internal sealed class PageLocator(WalkState state)
{
    private const int MaxUnrecognizedPages = 8;
    private const int MaxContradictions = 4;

    private int _unrecognizedPages;

    /// <summary>Notes that a page connected to the position.</summary>
    public void NoteConnected() => _unrecognizedPages = 0;

    // A page with only newer jobs, none of which is remembered, was inserted, or follows a position at which times step back. The previous page shows which
    // case it is.
    public bool MayBeBehindStep(WalkPage page) =>
        state.IsSorted && state.Search is null && !page.IsEmpty && page.TimeAt(page.Count - 1) > state.Time.Time && page.Offset > state.LowestOffset && !state.Time.RemembersAnyOf(page);

    /// <summary>
    /// Whether the last tie group, which is larger than a page, ends on this page and may have jobs that were not read. Either the group has more positions than
    /// jobs were read, because its order changed or jobs were inserted meanwhile, or jobs that were read are missing, or a change of the order was observed, and
    /// jobs may have been removed meanwhile.
    /// </summary>
    public bool MayLackJobsOfGroup(WalkPage page)
    {
        if (!state.IsSorted || !state.IsInLargeGroup || state.IsLargeGroupChecked || state.Time.IsGroupEvicted)
        {
            return false;
        }

        int end = page.FirstNotNewerThan(state.Time.Time - 1);
        int newJobs = page.Jobs[page.FirstNotNewerThan(state.Time.Time)..end].Count(job => !state.Time.HasYielded(job));
        bool isEndOfGroup = end < page.Count || (page.IsShort && newJobs == 0);
        if (!isEndOfGroup)
        {
            return false;
        }

        return state.TieOrder.HasChanged || state.LacksJobsOfLargeGroup || state.Time.IsGroupUnordered || page.Offset + end - state.LargeGroupStart > state.Time.GroupCount + newJobs;
    }

    /// <summary>Returns the position of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="isAhead">Whether the page was requested before the response to the previous request was read.</param>
    public PagePosition Locate(WalkPage page, bool isAhead)
    {
        if (page.IsEmpty)
        {
            return PagePosition.TooDeep;
        }

        if (!state.IsSorted)
        {
            return state.Anchor.Locate(page, page.Count, isAhead);
        }

        int newer = page.FirstNotNewerThan(state.Time.Time);
        if (!state.Time.IsAsExpected(page))
        {
            int contradictions = state.Search?.CountContradictions(page) ?? 0;
            if (contradictions is > 0 and < MaxContradictions)
            {
                // Either the list is not sorted by time, or it changed between the two pages: the previous page shows which.
                return PagePosition.Contradictory;
            }

            if (contradictions > 0 || state.Time.HasYieldedOlder(page))
            {
                state.TreatAsUnsorted();
                return state.Anchor.Locate(page, page.Count, mayBeOutOfDate: false);
            }

            if (!state.Time.Recognizes(page, newer) && state.Search?.Connects(page) is not true)
            {
                return LocateUnrecognized(page);
            }
        }

        if (newer == 0 && state.IsInLargeGroup && state.IsLargeGroupChecked && page.TimeAt(0) == state.Time.Time)
        {
            // Every job of the group was read, so the page connects wherever it starts in the group.
            return page.TimeAt(page.Count - 1) < state.Time.Time ? PagePosition.Connected : page.IsShort ? PagePosition.AtEnd : PagePosition.NotDeepEnough;
        }

        PagePosition position = TimeCursor.Locate(page, newer);
        bool needsAnchor = position is PagePosition.Connected ? state.Time.IsGroupEvicted
            : position is PagePosition.TooDeep && state.IsInLargeGroup && page.TimeAt(0) == state.Time.Time;
        PagePosition located = needsAnchor ? LocateInGroup(page, isAhead) : position;

        // No offset below the lowest offset can be requested. If the last tie group is evicted, the search for its ids reads the whole list and ends.
        return located is PagePosition.TooDeep && page.Offset <= state.LowestOffset && !(needsAnchor && state.Time.IsGroupEvicted)
            ? throw WalkFailures.PositionLost(page.Offset, state.Remembered.Count)
            : located;
    }

    private PagePosition LocateInGroup(WalkPage page, bool isAhead)
    {
        int count = page.FirstNotNewerThan(state.Time.Time - 1);
        bool isBroken = state.Time.IsGroupEvicted && state.Time.IsGroupUnordered;
        PagePosition position = isBroken || state.Anchor.HasNewBeforeAnchor(page, count, state.Time.IsGroupEvicted)
            ? PagePosition.OrderBroken
            : state.Anchor.Locate(page, count, isAhead);
        state.LacksJobsOfLargeGroup |= position is PagePosition.Connected or PagePosition.AtEnd && state.Anchor.LacksRemembered(page, count);

        if (position is not PagePosition.OrderBroken || !isAhead)
        {
            return position;
        }

        // A page that was produced before the previous page may contain jobs that were removed since; or the order has changed, and the next page may not show it.
        state.LacksJobsOfLargeGroup = true;
        return PagePosition.OutOfDate;
    }

    // The jobs before the position were neither read nor inserted at the top. A connected page may be further up; if none is found, the list is not
    // sorted by time.
    private PagePosition LocateUnrecognized(WalkPage page)
    {
        if (++_unrecognizedPages < MaxUnrecognizedPages)
        {
            return PagePosition.TooDeep;
        }

        state.TreatAsUnsorted();
        return state.Anchor.Locate(page, page.Count, mayBeOutOfDate: false);
    }
}
