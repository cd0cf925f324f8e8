namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The state of a <see cref="ListWalk"/>: what it remembers, how it locates pages, what it searches for, and which requests are in flight.</summary>
internal sealed class WalkState
{
    private readonly JobQuery _query;
    private long _largeGroupTime;
    private int _largeGroupReadings;
    private int _largeGroupAllReadings;

    public WalkState(JobQuery query, JobListingOptions options, ResumePoint? resumeFrom)
    {
        _query = query;
        BaseLimit = Math.Max(PageLimits.Min, options.PageSize);
        LowestOffset = options.ServerRejectsOffsetZero ? 1 : 0;
        Time = new TimeCursor(Remembered);
        Anchor = new AnchorCursor(Remembered);
        ResumeOffset = Math.Max(LowestOffset, resumeFrom?.Offset ?? options.StartOffset);
        InFlight = new RequestsInFlight(new PageRange(ResumeOffset, BaseLimit));
        Remembered.HasEvicted = options.StartOffset > LowestOffset;
        if (resumeFrom is { HasStarted: true } resume)
        {
            Restore(resume);
        }
    }

    /// <summary>The limit of a request, unless a tie group needs a larger one.</summary>
    public int BaseLimit { get; }

    /// <summary>The lowest offset that may be requested.</summary>
    public long LowestOffset { get; }

    public RememberedJobs Remembered { get; } = new();

    /// <summary>The position by creation time; used while <see cref="IsSorted"/>.</summary>
    public TimeCursor Time { get; }

    /// <summary>The position by ids; used in large tie groups and while the list is not known to be sorted.</summary>
    public AnchorCursor Anchor { get; }

    public TieOrder TieOrder { get; } = new();

    public RequestsInFlight InFlight { get; }

    public OffsetProbe Probe { get; } = new();

    /// <summary>Whether a page was read.</summary>
    public bool HasStarted { get; set; }

    /// <summary>Whether every page read so far agrees with an order by creation time, newest first.</summary>
    public bool IsSorted { get; private set; } = true;

    /// <summary>Whether the position is inside a tie group that is larger than a page.</summary>
    public bool IsInLargeGroup { get; private set; }

    /// <summary>The offset of the first job of the large tie group, when the walk entered the group.</summary>
    public long LargeGroupStart { get; private set; }

    /// <summary>Whether the large tie group was counted, so that no job of it is missing.</summary>
    public bool IsLargeGroupChecked { get; private set; }

    /// <summary>Whether a page of the large tie group lacks jobs that were yielded, so that its order may have changed.</summary>
    public bool LacksJobsOfLargeGroup { get; set; }

    /// <summary>The search by offset in progress, if any.</summary>
    public OffsetSearch? Search { get; set; }

    /// <summary>The search for a remembered job in progress, if any.</summary>
    public AnchorSearch? AnchorSearch { get; set; }

    /// <summary>The count of a tie group whose order is not stable, while it is read.</summary>
    public TieGroupCount? GroupCount { get; private set; }

    /// <summary>The offset of a page with a single job, while the next page is read to determine whether the list has more jobs; otherwise null.</summary>
    public long? OnlyJobOffset { get; set; }

    /// <summary>The number of jobs by which consecutive pages overlap in addition to the necessary overlap.</summary>
    public int Overlap { get; set; }

    /// <summary>The maximum number of jobs on a page.</summary>
    public int MaxServed { get; set; }

    /// <summary>
    /// The number of short pages since the last new job that may end the list: connected pages without a new job, and pages that are newer than the position.
    /// </summary>
    public int PossibleEnds { get; set; }

    public int PagesWithoutProgress { get; set; }

    /// <summary>The number of additional pages that may have no new job, because a search for a remembered job is in progress.</summary>
    public long PagesToSearch { get; set; }

    /// <summary>The number of pages that did not connect to the position, because the list had shifted.</summary>
    public long Shifts { get; set; }

    /// <summary>The offset at which a walk that resumes starts.</summary>
    public long ResumeOffset { get; set; }

    /// <summary>Whether one page is requested at a time, because the next request depends on its response.</summary>
    public bool IsOneAtATime { get; set; } = true;

    /// <summary>Whether a search, a count or a probe is in progress, so that the next request depends on the response.</summary>
    public bool IsSearching => Search is not null || AnchorSearch is not null || GroupCount is not null || Probe.ReturnTo is not null;

    /// <summary>The position of the walk: after the last job yielded.</summary>
    public ResumePoint GetResumePoint() => new()
    {
        Query = _query,
        Offset = ResumeOffset,
        HasStarted = HasStarted,
        Time = HasStarted && IsSorted ? Time.Time : null,
        TaskIds = [.. Remembered.TaskIds.TakeLast(Math.Min(RememberedCount, TaskIdLimit))],
        Unordered = Anchor.Unordered.Count <= ResumePoint.UnorderedLimit ? [.. Anchor.Unordered] : [],
        IsIncomplete = Anchor.Unordered.Count > ResumePoint.UnorderedLimit,
        HasEvicted = RememberedCount > TaskIdLimit || (IsSorted ? Time.IsGroupEvicted : Remembered.HasEvicted),
        IsInLargeGroup = IsInLargeGroup,
        HasUnstableTies = TieOrder.HasChanged,
        IsGroupUnordered = IsSorted && Time.IsGroupUnordered,
        LargeGroupStart = LargeGroupStart,
        LargeGroupReadings = GroupCount is null ? _largeGroupReadings : GroupCount.IsSuspicion ? GroupCount.Readings + 1 : 0,
        LargeGroupAllReadings = GroupCount?.AllReadings + 1 ?? _largeGroupAllReadings,
        Earlier = HasStarted && IsSorted ? Remembered.GetEarlier(Time.GroupCount, ResumePoint.EarlierLimit) : [],
    };

    /// <summary>Continues by ids, because the times contradict an order by creation time.</summary>
    public void TreatAsUnsorted()
    {
        (IsSorted, IsInLargeGroup, Search, GroupCount) = (false, false, null, null);
        Remembered.UseIndex(true);
    }

    /// <summary>Continues inside a tie group that is larger than a page.</summary>
    /// <param name="start">The offset of its first job, according to the page that was read last.</param>
    public void EnterLargeGroup(long start)
    {
        if (_largeGroupTime != Time.Time)
        {
            (_largeGroupTime, LargeGroupStart, IsLargeGroupChecked, LacksJobsOfLargeGroup) = (Time.Time, start, false, false);
            (_largeGroupReadings, _largeGroupAllReadings) = (0, 0);
        }

        IsInLargeGroup = true;
        Remembered.UseIndex(true);
    }

    public void LeaveLargeGroup()
    {
        if (IsInLargeGroup)
        {
            IsInLargeGroup = false;
            Remembered.UseIndex(false);
        }
    }

    /// <summary>Starts to count the large tie group. Readings of the resumed walks count too, so that a walk that is resumed again and again ends.</summary>
    /// <param name="isSuspicion">Whether no change of the order of the group was observed.</param>
    public void StartCounting(bool isSuspicion) => GroupCount = new TieGroupCount(isSuspicion, _largeGroupReadings, _largeGroupAllReadings);

    /// <summary>Ends the count of the large tie group, of which no job is missing according to the pages read.</summary>
    public void EndCounting() => (GroupCount, IsLargeGroupChecked) = (null, true);

    /// <summary>Ends the searches in progress.</summary>
    public void EndSearches() => (Search, AnchorSearch) = (null, null);

    public OffsetSearch NewSearch() => new(LowestOffset, firstStepBack: Math.Max(Overlap, Math.Max(PageLimits.Min, MaxServed / 8)));

    private int TaskIdLimit => IsSorted && Time.IsGroupUnordered ? ResumePoint.UnorderedLimit : ResumePoint.TaskIdLimit;

    private int RememberedCount => IsSorted ? Math.Min(Time.GroupCount, Remembered.Count) : Remembered.Count;

    private void Restore(ResumePoint resume)
    {
        HasStarted = true;
        TieOrder.HasChanged = resume.HasUnstableTies;
        Remembered.HasEvicted = true;
        foreach ((string taskId, long earlierTime) in resume.Earlier.Reverse())
        {
            Remembered.Append(taskId, earlierTime);
        }

        foreach (string taskId in resume.TaskIds)
        {
            Remembered.Append(taskId, resume.Time ?? 0);
        }

        if (resume.Time is { } time)
        {
            Time.Restore(time, resume.TaskIds.Count, resume.HasEvicted, resume.IsGroupUnordered);
            (IsInLargeGroup, _largeGroupTime) = (resume.IsInLargeGroup, time);
            (LargeGroupStart, _largeGroupReadings, _largeGroupAllReadings) = (resume.LargeGroupStart, resume.LargeGroupReadings, resume.LargeGroupAllReadings);
            Remembered.UseIndex(IsInLargeGroup || resume.HasEvicted);
        }
        else
        {
            TreatAsUnsorted();
            Remembered.HasEvicted = resume.HasEvicted;
            Anchor.Restore(resume.Unordered);
        }
    }
}
