namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// What is known about the jobs, and what a poll's observations mean. No I/O, no clock, no threads: used by one poll at a time.
/// </summary>
internal sealed class JobTracker
{
    private readonly PollingOptions _options;
    private readonly KnownJobs _known;
    private RecentJobs? _recent;
    private SettledTime _settled = SettledTime.None;
    private bool _isResuming;
    private int _pageLength;
    private long _headRequestsPerPage = 1;
    private long _listLength = long.MaxValue / 2;
    private int _pollsSinceReconciled;

    // As many jobs as could not be observed within the requests of a poll, although no new job had come.
    private int _tooManyToObserve = int.MaxValue;
    private QuietPage? _quiet;

    // By how much the list has grown at its head: position = rank + growth.
    private long _growth;

    public JobTracker(PollingOptions options, TrackerState? restored = null)
    {
        _options = options;
        _known = new KnownJobs(options.MaxUnfinishedJobs, options.MaxRetainedFinishedJobs);
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
    public PollDraft Begin() => new(Plan(), _known, _recent, _settled.Newest, Place, _pageLength, _options);

    /// <summary>Takes over what a completed poll observed.</summary>
    /// <param name="draft">The poll's draft, from <see cref="Begin"/>, with everything read that it requested.</param>
    /// <param name="poll">The number of the poll, for the events.</param>
    /// <param name="observedAt">The time, for the events and to tell how long ago a creation time was first observed.</param>
    /// <returns>The events, in order of delivery.</returns>
    public IReadOnlyList<JobEvent> Commit(PollDraft draft, long poll, DateTimeOffset observedAt)
    {
        var events = new PollEvents(poll, observedAt);
        HeadSlice head = draft.Head;
        if (draft.IsFirst || _isResuming || draft.Loss is not null)
        {
            events.Synced();
        }

        if (draft.Loss is { } reason)
        {
            events.Gap(reason, Describe(reason));
        }

        if (draft.IsExhausted && head.Shift == 0)
        {
            _tooManyToObserve = Math.Min(_tooManyToObserve, _known.Sought.Count());
        }

        _growth += head.Shift;
        CarryOn(draft.Targets);
        bool isStale = Update(draft.Sightings, events, out bool moved);
        HashSet<JobKey> gone = Miss(draft, events, out bool missed);
        isStale |= gone.Count > 0;
        isStale |= Meet(draft, events);
        Trim(events);
        if (isStale)
        {
            Snapshot = _known.Snapshot();
        }

        if (draft.IsFullPass)
        {
            _known.TrimExcess();
        }

        IReadOnlyList<JobEvent> published = events.InOrder();
        SettledTime settled = _settled.Next(head.NewestTime, observedAt, _options.LateMargin);
        RecentJobs recent = head.Next(settled.Settled, draft.PageLength, gone);
        bool changedNothing = published.Count == 0 && !isStale && !moved && !missed && head.Shift == 0 && draft.PageLength == _pageLength
            && settled.IsFinal && settled.Settled == _settled.Settled && _recent?.IsSame(recent) is true;
        _quiet = QuietPage.Of(draft, changedNothing);
        _recent = recent;
        _settled = settled;
        _listLength = draft.IsFullPass ? head.Count : _listLength + head.Shift;
        _pageLength = draft.PageLength;
        _headRequestsPerPage = draft.HeadRequestsPerPage;
        _pollsSinceReconciled = draft.IsFullPass || draft.Plan.ReadsFiltersWhole ? 0 : _pollsSinceReconciled + 1;
        _isResuming = false;
        return published;
    }

    /// <summary>The state for a checkpoint, as of the last completed poll. Not while a poll runs.</summary>
    /// <exception cref="InvalidOperationException">No poll has completed.</exception>
    public TrackerState Export()
    {
        RecentJobs recent = _recent ?? throw new InvalidOperationException("There is no state before the first completed poll.");
        bool IsRecent(TrackedJob tracked) => recent.Contains(new FoundJob(JobKey.Of(tracked.Job), tracked.Job, Place: 0));
        return new TrackerState
        {
            Type = _options.Type,
            Unfinished = [.. _known.Sought.Select(entry => Describe(entry.Value))],
            Finished = [.. _known.Finished.Where(tracked => !_known.IsSuspect(tracked) && IsRecent(tracked)).Select(Describe)],
            Evicted = [.. _known.Evicted.Values.Select(Describe)],
            Recent = [.. recent.Jobs.Where(job => _known.Find(job.Key)?.Time != job.Time || job.Time is null).Select(job => new RecentJob(job.Key.ToString(), ToTime(job.Time)))],
            NewestTime = ToTime(_settled.Newest),
            SettledTime = ToTime(_settled.Settled),
            Floor = ToTime(recent.Floor),
            Disorder = (decimal)recent.Disorder / TimeSpan.TicksPerSecond,
            IsUnsorted = !recent.IsByTime,
            IsWhole = recent.IsWhole,
        };
    }

    private bool IsReconciliationDue => _pollsSinceReconciled + 1 >= _options.PollsPerFullScan;

    private PollPlan Plan()
    {
        if (_recent is not { IsByTime: true })
        {
            return PollPlan.FullPass;
        }

        if (IsReconciliationDue)
        {
            return UnfinishedCount == 0 ? PollPlan.WholeFilters : PollPlan.FullPass;
        }

        if (_known.Sought.Count() >= _tooManyToObserve)
        {
            return PollPlan.FullPass;
        }

        return PollPlan.Cheapest(
            _known.Sought.Select(entry => (entry.Key, entry.Value, Place(entry.Value))),
            _listLength,
            _recent.CountAboveFloor,
            _headRequestsPerPage,
            _pageLength > 1 ? _pageLength : _options.PageSize,
            _options.MaxRequestsPerPoll);
    }

    // Where windows found jobs off their estimates, the older jobs that were not found are as far off theirs.
    private void CarryOn(IEnumerable<WindowTarget> targets)
    {
        List<(long Estimate, long Drift)> drifts = [];
        foreach (WindowTarget target in targets)
        {
            if (target.Place is { } place)
            {
                drifts.Add((target.Estimate, place - target.Estimate));
            }
            else if (target.IsCrowded && _known.Find(target.Key) is { } crowded)
            {
                crowded.IsCrowded = true;
            }
        }

        if (drifts.Count == 0)
        {
            return;
        }

        foreach ((_, TrackedJob tracked) in _known.Sought)
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
            if (tracked.IsUnconfirmed)
            {
                // Finished after all: a lagging replica had responded, and nothing was published.
                _known.Remove(key);
                if (!job.IsFinished)
                {
                    events.Changed(Track(new FoundJob(key, job, found?.Place ?? Place(tracked))), previous: null);
                }

                (isStale, moved) = (true, true);
                continue;
            }

            if (tracked.Regressed is null && _options.ConfirmsRegressions && JobState.IsRegression(before, job))
            {
                tracked.Suspect(job, found, _growth);
                _known.Suspect(key, tracked);
                (isStale, moved) = (isStale || !wasSeen, true);
            }
            else
            {
                // A restored regression may have been published, after the checkpoint was saved: then the final state before it is news again.
                Job? regressed = wasSeen ? null : tracked.Regressed;
                moved |= tracked.Update(job, found, _growth);
                isStale |= !wasSeen || !ReferenceEquals(tracked.Job, before);
                _known.Set(key, tracked);
                before = regressed is not null && job.IsFinished && JobState.Of(job) == JobState.Of(before) ? regressed : before;
                if (JobState.Of(before) != JobState.Of(job))
                {
                    events.Changed(tracked, before);
                    continue;
                }
            }

            if (_isResuming)
            {
                events.Listed(tracked);
            }
        }

        return isStale;
    }

    // The keys of the jobs that are no longer tracked.
    private HashSet<JobKey> Miss(PollDraft draft, PollEvents events, out bool missed)
    {
        HashSet<JobKey> gone = [];
        missed = false;
        foreach (JobKey key in draft.Absent)
        {
            if (!draft.Sightings.ContainsKey(key) && !draft.Replaced.ContainsKey(key) && _known.Find(key) is { } tracked)
            {
                missed = true;
                if (++tracked.Missed >= _options.MissesUntilVanished)
                {
                    Vanish(key, tracked);
                }
            }
        }

        foreach ((JobKey key, TrackedJob tracked) in draft.Replaced)
        {
            Vanish(key, tracked);
        }

        return gone;

        void Vanish(JobKey key, TrackedJob tracked)
        {
            // That a finished job was removed is not published: it only leaves the snapshot.
            if (!tracked.Job.IsFinished && !tracked.IsUnconfirmed)
            {
                events.Vanished(tracked);
            }

            _known.Remove(key);
            gone.Add(key);
        }
    }

    private bool Meet(PollDraft draft, PollEvents events)
    {
        bool isHistory = draft.IsFirst || draft.Loss is WatchGapReason.OrderChanged;
        bool isStale = false;
        foreach (FoundJob found in (isHistory ? draft.Head.Strangers : draft.Head.New).Reverse())
        {
            if (!isHistory && _known.Evicted.TryGetValue(found.Key, out TrackedJob? evicted) && evicted.Time == found.Time)
            {
                isStale |= Reappear(found, events);
            }
            else if (_known.Find(found.Key) is null)
            {
                TrackedJob tracked = Track(found);
                (isHistory ? (Action<TrackedJob>)events.Listed : events.Added)(tracked);
                isStale = true;
            }
        }

        foreach (FoundJob found in isHistory ? [] : draft.Head.Old)
        {
            isStale |= Reappear(found, events);
        }

        return isStale;
    }

    // A job that is not tracked any more.
    private bool Reappear(FoundJob found, PollEvents events)
    {
        if (_known.Find(found.Key) is not null || (!found.Job.IsFinished && !_known.HasRoom))
        {
            return false;
        }

        if (_known.Evicted.TryGetValue(found.Key, out TrackedJob? evicted) && !JobState.IsRegression(evicted.Job, found.Job))
        {
            TrackedJob tracked = Track(found);
            if (JobState.Of(evicted.Job) != JobState.Of(found.Job))
            {
                events.Changed(tracked, evicted.Job);
            }

            return true;
        }

        if (!found.Job.IsFinished)
        {
            var tracked = new TrackedJob { Job = found.Job, Rank = found.Place - _growth, Regressed = found.Job, IsUnconfirmed = true };
            _known.Suspect(found.Key, tracked);
        }

        return false;
    }

    // Jobs become too many only at a poll that meets or changes some, or first observes restored ones: the snapshot is stale already.
    private void Trim(PollEvents events)
    {
        int surplus = _known.Trim();
        if (surplus > 0)
        {
            events.Gap(
                WatchGapReason.TooManyUnfinished,
                $"More than {_options.MaxUnfinishedJobs} jobs are unfinished; {surplus} of them, the oldest, are no longer followed.");
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

        List<(JobKey Key, long? Time)> recent = [.. state.Recent.Select(job => (JobKey.Of(job.TaskId), job.CreateTime?.UtcTicks))];
        foreach (KnownJob known in state.Finished.Concat(state.Unfinished))
        {
            JobKey key = JobKey.Of(known.TaskId);
            var tracked = TrackedJob.Restore(known);
            recent.Add((key, tracked.Time));
            if (!tracked.IsUnconfirmed)
            {
                _known.Set(key, tracked);
            }

            if (known.Regressed is not null)
            {
                _known.Suspect(key, tracked);
            }
        }

        foreach (KnownJob known in state.Evicted)
        {
            _known.Evict(JobKey.Of(known.TaskId), TrackedJob.Restore(known));
        }

        long floor = state.Floor?.UtcTicks ?? long.MinValue;
        _recent = state.IsUnsorted
            ? RecentJobs.ByPosition(state.IsWhole, recent, [])
            : RecentJobs.ByTime(floor, Math.Clamp((long)(state.Disorder * TimeSpan.TicksPerSecond), 0, _options.LateMargin.Ticks), recent, []);
        _settled = new SettledTime(state.NewestTime?.UtcTicks ?? long.MinValue, state.SettledTime?.UtcTicks ?? long.MinValue);
        _isResuming = true;
    }

    private string Describe(WatchGapReason reason) => reason switch
    {
        WatchGapReason.OrderChanged =>
            "The list is no longer sorted by creation time, newest first, so changes may have been missed. Every job was read again.",
        _ => $"What happened since the poll before could not be read in {_options.MaxRequestsPerPoll} requests. Everything was read again.",
    };

    private long Place(TrackedJob tracked) => tracked.Rank + _growth;

    private KnownJob Describe(TrackedJob tracked) =>
        new(tracked.Job.TaskId, tracked.Job.Status, tracked.Job.Result, tracked.Job.CreateTime, Math.Max(0, Place(tracked)))
        {
            Regressed = tracked.Regressed is { } regressed ? JobState.Of(regressed) : null,
        };

    private static DateTimeOffset? ToTime(long? ticks) => ticks is >= 0 and { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
}
