namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>Keeps the state of the jobs between polls, and converts the observations of a poll to events. No I/O, no clock. Not safe for concurrent use.</summary>
internal sealed class JobTracker
{
    private const int MaxFullScansBetweenTrials = 1_024;

    private readonly PollingOptions _options;
    private readonly TrackedJobs _tracked;
    private RecentJobs? _recent;
    private SettledTime _settled = SettledTime.None;
    private bool _isResuming;
    private int _pageLength;

    // The largest number of requests that the newest jobs needed, while they need more than their pages; else 0.
    private long _recentRequests;
    private long _listLength = long.MaxValue / 2;
    private int _pollsSinceReconciled;

    // The smallest number of jobs that could not be observed within the requests of a poll without new jobs, and when to try that again: after twice as many full
    // scans each time.
    private int _tooManyToObserve = int.MaxValue;
    private int _fullScansUntilTrial;
    private int _fullScansBetweenTrials = 1;

    // The number by which the list has grown at its head: position = relative position + growth.
    private long _growth;

    public JobTracker(PollingOptions options, TrackerState? restored = null)
    {
        _options = options;
        _tracked = new TrackedJobs(options.MaxUnfinishedJobs, options.MaxRetainedFinishedJobs);
        if (restored is not null)
        {
            Restore(restored);
        }
    }

    /// <summary>The retained jobs, oldest first: the unfinished jobs and the last finished jobs. Immutable; replaced when a poll changes it.</summary>
    public IReadOnlyList<Job> Snapshot { get; private set; } = [];

    /// <summary>The number of polls that may have changed the state for a checkpoint.</summary>
    public long StateVersion { get; private set; }

    /// <summary>The number of tracked unfinished jobs.</summary>
    public int UnfinishedCount => _tracked.Unfinished.Count;

    /// <summary>The page that may be all that the next poll has to read; null to start the poll with <see cref="Begin"/>.</summary>
    public UnchangedPage? UnchangedPage { get => IsReconciliationDue ? null : field; private set; }

    /// <summary>Commits a poll that read only the <see cref="UnchangedPage"/>.</summary>
    public void CommitUnchanged() => _pollsSinceReconciled++;

    /// <summary>Starts a poll: the draft determines what to read.</summary>
    public PollDraft Begin() => new(Plan(), _tracked, _recent, _settled.Newest, PositionOf, _pageLength, _options);

    /// <summary>Commits the observations of a completed poll.</summary>
    /// <param name="draft">The draft of the poll, from <see cref="Begin"/>, with everything read that it requested.</param>
    /// <param name="poll">The number of the poll, for the events.</param>
    /// <param name="observedAt">The time, for the events and for the age of creation times.</param>
    /// <returns>The events, in order of delivery.</returns>
    /// <exception cref="InvalidOperationException">A read of the draft is in progress.</exception>
    public IReadOnlyList<JobEvent> Commit(PollDraft draft, long poll, DateTimeOffset observedAt)
    {
        draft.ThrowIfReading();
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

        LimitObservedJobs(draft);
        _growth += head.Shift;
        ApplyEstimateErrors(draft.Targets);
        bool isStale = Update(draft.Observations, events, out bool moved);
        HashSet<JobKey> vanished = RecordMisses(draft, events, out bool missed, out bool removed);
        isStale |= removed;
        isStale |= AddUntracked(draft, events);
        Trim(events);
        if (isStale)
        {
            Snapshot = _tracked.Snapshot();
        }

        if (draft.IsFullScan)
        {
            _tracked.TrimExcess();
        }

        IReadOnlyList<JobEvent> published = events.InOrder();
        SettledTime settled = _settled.Next(head.NewestTime, observedAt, _options.LateMargin);
        RecentJobs recent = head.Next(settled.Settled, draft.PageLength, vanished);
        bool changedNothing = published.Count == 0 && !isStale && !moved && !missed && head.Shift == 0 && draft.PageLength == _pageLength
            && !_tracked.HasSuspects && settled.IsFinal && settled.Settled == _settled.Settled && _recent?.IsSame(recent) is true;
        UnchangedPage = UnchangedPage.Of(draft, changedNothing);
        _recent = recent;
        _settled = settled;
        _listLength = draft.IsFullScan ? head.Count : _listLength + head.Shift;
        _pageLength = draft.PageLength;
        long recentRequests = draft.HeadRequestsFor(recent.CountNewerThanDepth + 1);
        _recentRequests = recentRequests > PollPlan.Pages(recent.CountNewerThanDepth + 1, _pageLength) ? Math.Max(_recentRequests, recentRequests) : 0;
        _pollsSinceReconciled = draft.IsFullScan || draft.Plan.ReadsFiltersWhole ? 0 : _pollsSinceReconciled + 1;
        _isResuming = false;
        StateVersion++;
        return published;
    }

    /// <summary>Returns the state of the last completed poll for a checkpoint. Must not be called during a poll.</summary>
    /// <exception cref="InvalidOperationException">No poll has completed.</exception>
    public TrackerState Export()
    {
        RecentJobs recent = _recent ?? throw new InvalidOperationException("There is no state before the first completed poll.");
        bool IsRecent(TrackedJob tracked) => recent.Contains(new FoundJob(JobKey.Of(tracked.Job), tracked.Job, Position: 0));
        return new TrackerState
        {
            Type = _options.Type,
            Unfinished = [.. _tracked.ToObserve.Select(entry => Describe(entry.Value))],
            Finished = [.. _tracked.Finished.Where(tracked => !_tracked.IsSuspect(tracked) && IsRecent(tracked)).Select(Describe)],
            Evicted = [.. _tracked.Evicted.Values.Select(Describe)],
            Recent = [.. recent.Jobs.Where(job => _tracked.Find(job.Key)?.Time != job.Time || job.Time is null).Select(job => new RecentJob(job.Key.ToString(), ToTime(job.Time)))],
            NewestTime = ToTime(_settled.Newest),
            SettledTime = ToTime(_settled.Settled),
            Floor = ToTime(recent.Floor),
            Disorder = (decimal)recent.Disorder / TimeSpan.TicksPerSecond,
            IsUnsorted = !recent.IsByTime,
            IsWhole = recent.IsWhole,
            PollsSinceFullScan = _pollsSinceReconciled,
        };
    }

    private bool IsReconciliationDue => _pollsSinceReconciled + 1 >= _options.PollsPerFullScan;

    private PollPlan Plan()
    {
        PollPlan plan = PlanReads();
        return plan.IsFullScan ? plan : plan with { TopLimit = TopLimit };
    }

    // The jobs newer than the depth, as many new jobs, and the unfinished jobs near the head. 0 when even a whole page would not reach the depth.
    private int TopLimit
    {
        get
        {
            int newer = _recent!.CountNewerThanDepth;
            if (newer >= Math.Min(_pageLength, _listLength))
            {
                return 0;
            }

            long lastNear = 0;
            foreach ((_, TrackedJob tracked) in _tracked.ToObserve)
            {
                long position = PositionOf(tracked);
                lastNear = PollPlan.IsNear(position, headPages: 1, _pageLength) ? Math.Max(lastNear, position) : lastNear;
            }

            return (int)Math.Min(_options.PageSize, Math.Max(_options.MinTopLimit, Math.Max(2 * (newer + 1), lastNear + 1 + (_options.MinTopLimit / 2))));
        }
    }

    private PollPlan PlanReads()
    {
        if (_recent is not { IsByTime: true })
        {
            return PollPlan.FullScan;
        }

        if (IsReconciliationDue)
        {
            return UnfinishedCount == 0 ? PollPlan.WholeFilters : PollPlan.FullScan;
        }

        bool isTrial = _tracked.CountToObserve >= _tooManyToObserve;
        if (isTrial && _fullScansUntilTrial > 0)
        {
            return PollPlan.FullScan;
        }

        var cheapest = PollPlan.Cheapest(
            _tracked.ToObserve.Select(entry => (entry.Key, entry.Value, PositionOf(entry.Value))),
            _listLength,
            _recent.CountNewerThanDepth,
            _recentRequests,
            _pageLength > 1 ? _pageLength : _options.PageSize,
            _options.MaxRequestsPerPoll);
        return isTrial ? cheapest with { IsTrial = true } : cheapest;
    }

    private void LimitObservedJobs(PollDraft draft)
    {
        if (draft.IsExhaustedByTrackedJobs && draft.Head.Shift == 0 && _tracked.CountToObserve > 0)
        {
            _tooManyToObserve = Math.Min(_tooManyToObserve, _tracked.CountToObserve);
            _fullScansUntilTrial = _fullScansBetweenTrials;
            _fullScansBetweenTrials = Math.Min(MaxFullScansBetweenTrials, 2 * _fullScansBetweenTrials);
        }
        else if (!draft.IsFullScan && draft.Plan.IsTrial)
        {
            (_tooManyToObserve, _fullScansBetweenTrials) = (int.MaxValue, 1);
        }
        else if (draft.IsFullScan && _fullScansUntilTrial > 0)
        {
            _fullScansUntilTrial--;
        }
    }

    // The error of the estimate of a found job applies to the older jobs that were not found.
    private void ApplyEstimateErrors(IEnumerable<WindowTarget> targets)
    {
        List<(long Estimate, long Error)> errors = [];
        foreach (WindowTarget target in targets)
        {
            if (target.Position is { } position)
            {
                errors.Add((target.Estimate, position - target.Estimate));
            }
            else if (target.IsCrowded && _tracked.Find(target.Key) is { } crowded)
            {
                crowded.IsCrowded = true;
            }
        }

        if (errors.Count == 0)
        {
            return;
        }

        foreach ((_, TrackedJob tracked) in _tracked.ToObserve)
        {
            long position = PositionOf(tracked);
            tracked.RelativePosition += errors.LastOrDefault(error => error.Estimate < position).Error;
        }
    }

    private bool Update(Dictionary<JobKey, Observation> observations, PollEvents events, out bool moved)
    {
        bool isStale = false;
        moved = false;
        foreach ((JobKey key, (TrackedJob tracked, Job job, long? position)) in observations)
        {
            Job before = tracked.Job;
            bool wasObserved = tracked.WasObserved;
            if (tracked.IsUnconfirmed)
            {
                // If the job is finished, a lagging replica had responded, and nothing was published.
                _tracked.Remove(key);
                if (!job.IsFinished)
                {
                    events.Changed(Track(new FoundJob(key, job, position ?? PositionOf(tracked))), previous: null);
                }

                (isStale, moved) = (true, true);
                continue;
            }

            if (tracked.Regressed is null && _options.ConfirmingPollCount > 1 && JobState.IsRegression(before, job))
            {
                tracked.HoldRegression(job, position, _growth);
                _tracked.AddSuspect(key, tracked);
                (isStale, moved) = (isStale || !wasObserved, true);
            }
            else
            {
                // A restored regression may have been published after the save of the checkpoint: then the final state must be published again.
                Job? regressed = wasObserved ? null : tracked.Regressed;
                moved |= tracked.Update(job, position, _growth);
                isStale |= !wasObserved || !ReferenceEquals(tracked.Job, before);
                _tracked.Set(key, tracked);
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

    // Returns the keys of the jobs that were published as vanished.
    private HashSet<JobKey> RecordMisses(PollDraft draft, PollEvents events, out bool missed, out bool removed)
    {
        HashSet<JobKey> vanished = [];
        (missed, bool hasRemoved) = (false, false);
        foreach (JobKey key in draft.Absent)
        {
            if (!draft.Observations.ContainsKey(key) && !draft.Replaced.ContainsKey(key) && _tracked.Find(key) is { } tracked)
            {
                missed = true;
                if (++tracked.MissCount >= _options.ConfirmingPollCount)
                {
                    Vanish(key, tracked);
                }
            }
        }

        foreach ((JobKey key, TrackedJob tracked) in draft.Replaced)
        {
            Vanish(key, tracked);
        }

        removed = hasRemoved;
        return vanished;

        void Vanish(JobKey key, TrackedJob tracked)
        {
            // The removal of a finished job changes only the snapshot. The job stays in the recent jobs: if the list was empty by mistake, the job is not new when it is listed again.
            if (!tracked.Job.IsFinished && !tracked.IsUnconfirmed)
            {
                events.Vanished(tracked);
                vanished.Add(key);
            }

            _tracked.Remove(key);
            hasRemoved = true;
        }
    }

    private bool AddUntracked(PollDraft draft, PollEvents events)
    {
        bool isInitial = draft.IsFirst || draft.Loss is WatchGapReason.OrderChanged;
        bool isStale = false;
        foreach (FoundJob found in (isInitial ? draft.Head.UntrackedJobs : draft.Head.NewJobs).Reverse())
        {
            if (!isInitial && _tracked.Evicted.TryGetValue(found.Key, out TrackedJob? evicted) && evicted.Time == found.Time)
            {
                isStale |= TryAddReappeared(found, events);
            }
            else if (_tracked.Find(found.Key) is null)
            {
                TrackedJob tracked = Track(found);
                (isInitial ? (Action<TrackedJob>)events.Listed : events.Added)(tracked);
                isStale = true;
            }
        }

        foreach (FoundJob found in isInitial ? [] : draft.Head.OldJobs)
        {
            isStale |= TryAddReappeared(found, events);
        }

        return isStale;
    }

    // Tracks an untracked job that is not new: published immediately if it was evicted, otherwise after a second observation.
    private bool TryAddReappeared(FoundJob found, PollEvents events)
    {
        if (_tracked.Find(found.Key) is not null || (!found.Job.IsFinished && !_tracked.HasRoom))
        {
            return false;
        }

        if (_tracked.Evicted.TryGetValue(found.Key, out TrackedJob? evicted) && !JobState.IsRegression(evicted.Job, found.Job))
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
            var tracked = new TrackedJob { Job = found.Job, RelativePosition = found.Position - _growth, Regressed = found.Job, IsUnconfirmed = true };
            _tracked.AddSuspect(found.Key, tracked);
        }

        return false;
    }

    // The number of jobs grows only at a poll that adds or changes jobs, so the snapshot is rebuilt anyway.
    private void Trim(PollEvents events)
    {
        int surplus = _tracked.Trim();
        if (surplus > 0)
        {
            events.Gap(
                WatchGapReason.TooManyUnfinished,
                $"More than {_options.MaxUnfinishedJobs} jobs are unfinished. The {surplus} oldest of them are no longer tracked. Increase MaxUnfinishedJobs to track them.");
        }
    }

    private TrackedJob Track(FoundJob found)
    {
        var tracked = new TrackedJob { Job = found.Job, RelativePosition = 0 };
        tracked.Update(found.Job, found.Position, _growth);
        _tracked.Set(found.Key, tracked);
        return tracked;
    }

    private void Restore(TrackerState state)
    {
        if (state.Type != _options.Type)
        {
            throw new ArgumentException("The state belongs to a watch with another type filter.", nameof(state));
        }

        List<(JobKey Key, long? Time)> recent = [.. state.Recent.Select(job => (JobKey.Of(job.TaskId), job.CreateTime?.UtcTicks))];
        foreach (SavedJob saved in state.Finished.Concat(state.Unfinished))
        {
            var key = JobKey.Of(saved.TaskId);
            var tracked = TrackedJob.Restore(saved);
            recent.Add((key, tracked.Time));
            if (!tracked.IsUnconfirmed)
            {
                _tracked.Set(key, tracked);
            }

            if (saved.Regressed is not null)
            {
                _tracked.AddSuspect(key, tracked);
            }
        }

        foreach (SavedJob saved in state.Evicted)
        {
            _tracked.Evict(JobKey.Of(saved.TaskId), TrackedJob.Restore(saved));
        }

        long floor = state.Floor?.UtcTicks ?? long.MinValue;
        _recent = state.IsUnsorted
            ? RecentJobs.ByPosition(state.IsWhole, recent, [])
            : RecentJobs.ByTime(floor, floor, (long)(Math.Clamp(state.Disorder, 0, (decimal)_options.LateMargin.TotalSeconds) * TimeSpan.TicksPerSecond), recent, []);
        _settled = new SettledTime(state.NewestTime?.UtcTicks ?? long.MinValue, state.SettledTime?.UtcTicks ?? long.MinValue);
        _pollsSinceReconciled = state.PollsSinceFullScan;
        _isResuming = true;
    }

    private string Describe(WatchGapReason reason) => reason switch
    {
        WatchGapReason.OrderChanged =>
            "The list is no longer sorted by creation time, newest first, so changes may have been missed. Every job was read again.",
        _ => $"The changes since the previous poll could not be read within {_options.MaxRequestsPerPoll} requests. Every job was read again. Increase MaxRequestsPerPoll if this repeats.",
    };

    private long PositionOf(TrackedJob tracked) => tracked.RelativePosition + _growth;

    private SavedJob Describe(TrackedJob tracked) =>
        new(tracked.Job.TaskId, tracked.Job.Status, tracked.Job.Result, tracked.Job.CreateTime, Math.Max(0, PositionOf(tracked)))
        {
            Regressed = tracked.Regressed is { } regressed ? JobState.Of(regressed) : null,
            MissCount = tracked.MissCount,
        };

    private static DateTimeOffset? ToTime(long? ticks) => ticks is >= 0 and { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
}
