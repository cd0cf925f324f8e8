namespace KooDrive.Jobs.Streams;

/// <summary>
/// What is known about the jobs, and what a poll's observations mean. No I/O, no clock, no threads: used by one poll at a time.
/// </summary>
internal sealed class JobTracker
{
    private readonly PollingOptions _options;
    private readonly KnownJobs _known;
    private Frontier? _frontier;
    private bool _isResuming;
    private int _pageLength;
    private long _listLength = long.MaxValue / 2;
    private int _pollsSinceReconciled;
    private QuietPage? _quiet;

    // By how much the list has grown at its head: place = rank + growth.
    private long _growth;

    public JobTracker(PollingOptions options, TrackerState? restored = null)
    {
        _options = options;
        _known = new KnownJobs(options.MaxUnfinished, options.RetainedFinished);
        if (restored is not null)
        {
            Restore(restored);
        }
    }

    /// <summary>
    /// The retained jobs, oldest first: the unfinished ones and the last finished ones. Never changed: replaced as a whole when a
    /// poll completes and something differs.
    /// </summary>
    public IReadOnlyList<Job> Snapshot { get; private set; } = [];

    /// <summary>How many unfinished jobs are followed.</summary>
    public int UnfinishedCount => _known.Unfinished.Count;

    /// <summary>Whether to look at the first page alone before beginning a poll: see <see cref="TryCommitQuiet"/>.</summary>
    public bool MayBeQuiet => _quiet is not null && !IsReconciliationDue && _options.RecognizesQuietPages;

    /// <summary>Takes a first page for a whole completed poll, if it is the one that changed nothing at the poll before. There are no events then.</summary>
    public bool TryCommitQuiet(IReadOnlyList<Job> page)
    {
        if (!MayBeQuiet || !_quiet!.IsSame(page))
        {
            return false;
        }

        _pollsSinceReconciled++;
        return true;
    }

    /// <summary>Begins a poll: the draft says what to read.</summary>
    public PollDraft Begin() => new(Plan(), _known, _frontier ?? Frontier.Of(_options.FrontierSize, []), Place, _pageLength);

    /// <summary>Takes over what a completed poll saw.</summary>
    /// <param name="draft">The poll's draft, from <see cref="Begin"/>, with everything read that it asked for.</param>
    /// <param name="poll">The poll's number, for the events.</param>
    /// <param name="observedAt">The time, for the events.</param>
    /// <returns>The events, in order of delivery.</returns>
    public IReadOnlyList<JobEvent> Commit(PollDraft draft, long poll, DateTimeOffset observedAt)
    {
        var events = new PollEvents(poll, observedAt);
        HeadSlice head = draft.Head;
        bool isFirst = _frontier is null;
        if (isFirst || _isResuming || draft.Loss is not null)
        {
            events.Synced();
        }

        if (draft.Loss is { } reason)
        {
            events.Gap(reason, Describe(reason));
        }

        _growth += head.Shift;
        CarryOn(draft.Located);
        bool isStale = Update(draft.Sightings, events, out bool moved);
        isStale |= Miss(draft, events);
        isStale |= Meet(head, isHistory: isFirst || head.IsLost || head.OrderBroke, events);
        Trim(events);
        if (isStale)
        {
            Snapshot = _known.Snapshot();
        }

        if (draft.IsFullPass)
        {
            _known.TrimExcess();
        }

        IReadOnlyList<JobEvent> told = events.InOrder();
        Frontier next = draft.Frontier.Next(head);
        bool changedNothing = told.Count == 0 && !isStale && !moved && head.Shift == 0 && draft.PageLength == _pageLength && next.IsSame(draft.Frontier);
        _quiet = QuietPage.Of(draft, changedNothing);
        _frontier = next;
        _listLength = draft.IsFullPass ? head.Count : _listLength + head.Shift;
        _pageLength = draft.PageLength;
        _pollsSinceReconciled = draft.IsFullPass || draft.Plan.ReadsFiltersWhole ? 0 : _pollsSinceReconciled + 1;
        _isResuming = false;
        return told;
    }

    /// <summary>The state for a checkpoint, as of the last completed poll. Not while a poll runs.</summary>
    /// <exception cref="InvalidOperationException">No poll has completed.</exception>
    public TrackerState Export()
    {
        Frontier frontier = _frontier ?? throw new InvalidOperationException("There is no state before the first completed poll.");
        return new TrackerState
        {
            Type = _options.Type,
            Unfinished = [.. _known.Unfinished.Values.Select(Describe)],
            Finished = [.. _known.Finished.Where(tracked => Place(tracked) < frontier.Count).Select(Describe)],
            Frontier = [.. frontier.Keys.Select(key => key.ToString())],
            FrontierSettledFrom = frontier.SettledFrom,
            NewestTime = frontier.NewestTime,
        };
    }

    private bool IsReconciliationDue => _pollsSinceReconciled + 1 >= _options.ReconcileEvery;

    private PollPlan Plan()
    {
        if (_frontier is null)
        {
            return PollPlan.FullPass;
        }

        if (IsReconciliationDue)
        {
            return UnfinishedCount == 0 ? PollPlan.WholeFilters : PollPlan.FullPass;
        }

        return PollPlan.Cheapest(
            _known.Unfinished.Select(entry => (entry.Key, entry.Value.Job.Status, Place(entry.Value))),
            _listLength,
            _pageLength > 1 ? _pageLength : _options.PageSize);
    }

    // Where windows found jobs off their places, the older jobs that were not found stand as far off theirs.
    private void CarryOn(IEnumerable<WindowTarget> located)
    {
        (long Estimate, long Drift)[] drifts = [.. located.Select(target => (target.Estimate, Drift: target.Place!.Value - target.Estimate))];
        if (drifts.Length == 0)
        {
            return;
        }

        foreach (TrackedJob tracked in _known.Unfinished.Values)
        {
            long place = Place(tracked);
            tracked.Rank += drifts.LastOrDefault(drift => drift.Estimate < place).Drift;
        }
    }

    private bool Update(IReadOnlyDictionary<JobKey, Sighting> sightings, PollEvents events, out bool moved)
    {
        bool isStale = false;
        moved = false;
        foreach ((JobKey key, (TrackedJob tracked, Job job, FoundJob? found)) in sightings)
        {
            Job before = tracked.Job;
            bool wasSeen = tracked.WasSeen;
            moved |= tracked.Update(job, found, _growth);
            isStale |= !wasSeen || !ReferenceEquals(tracked.Job, before);
            if (before.Status != job.Status || before.Result != job.Result)
            {
                events.Changed(tracked, before);
            }
            else if (_isResuming)
            {
                events.Listed(tracked);
            }

            _known.Set(key, tracked);
        }

        return isStale;
    }

    private bool Miss(PollDraft draft, PollEvents events)
    {
        bool isStale = false;
        foreach (JobKey key in draft.Absent)
        {
            if (!draft.Sightings.ContainsKey(key) && _known.Find(key) is { } tracked && ++tracked.Missed >= _options.MissesUntilVanished)
            {
                // That a finished job was removed is nobody's news: it only leaves the picture.
                if (!tracked.Job.IsFinished)
                {
                    events.Vanished(tracked);
                }

                _known.Remove(key);
                isStale = true;
            }
        }

        return isStale;
    }

    private bool Meet(HeadSlice head, bool isHistory, PollEvents events)
    {
        bool isStale = false;
        foreach (FoundJob found in head.New.Reverse())
        {
            TrackedJob tracked = Track(found);
            (isHistory ? (Action<TrackedJob>)events.Listed : events.Added)(tracked);
            isStale = true;
        }

        foreach (FoundJob found in head.CameBack.TakeWhile(_ => _known.HasRoom))
        {
            events.Changed(Track(found), previous: null);
            isStale = true;
        }

        return isStale;
    }

    // Jobs become too many only at a poll that meets or changes some, or first sees restored ones: the snapshot is stale already.
    private void Trim(PollEvents events)
    {
        int surplus = _known.Trim();
        if (surplus > 0)
        {
            events.Gap(
                WatchGapReason.TooManyUnfinished,
                $"More than {_options.MaxUnfinished} jobs are unfinished; {surplus} of them, the oldest, are no longer followed.");
        }
    }

    private TrackedJob Track(FoundJob found)
    {
        var tracked = new TrackedJob { Job = found.Job, Rank = 0 };
        tracked.Update(found.Job, found, _growth);
        _known.Set(found.Key, tracked);
        return tracked;
    }

    private void Restore(TrackerState state)
    {
        if (state.Type != _options.Type)
        {
            throw new ArgumentException("The state is of a watch with another type filter.", nameof(state));
        }

        foreach (KnownJob known in state.Finished.Concat(state.Unfinished))
        {
            _known.Set(JobKey.Of(known.TaskId), TrackedJob.Restore(known));
        }

        _frontier = Frontier.Of(_options.FrontierSize, state.Frontier.Select(JobKey.Of), state.FrontierSettledFrom, state.NewestTime);
        _isResuming = true;
    }

    private string Describe(WatchGapReason reason) => reason switch
    {
        WatchGapReason.OrderChanged => "The server changed the order of the list, so new jobs could not be told from old ones. Everything was read again.",
        WatchGapReason.FrontierLost => $"None of the {_frontier!.Count} newest jobs of the poll before is left, so new jobs could not be told from old ones. Everything was read again.",
        _ => $"What happened since the poll before could not be read in {_options.MaxRequestsPerPoll} requests. Everything was read again.",
    };

    private long Place(TrackedJob tracked) => tracked.Rank + _growth;

    private KnownJob Describe(TrackedJob tracked) => new(tracked.Job.TaskId, tracked.Job.Status, tracked.Job.Result, Place(tracked));
}
