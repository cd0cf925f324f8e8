using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Checks the events of a watch against the history of the server.</summary>
/// <param name="history">The states of each job, in order, including deleted jobs.</param>
/// <param name="jobs">The jobs that the server has now.</param>
/// <param name="type">The type that is watched; null for all.</param>
internal sealed class FeedChecker(
    IReadOnlyDictionary<string, List<JobState>> history, Func<IReadOnlyCollection<Job>> jobs, JobType? type)
{
    /// <summary>Returns the identity of a job, as in the history.</summary>
    public Func<Job, string> IdOf { get; init; } = job => job.TaskId;

    /// <summary>Whether unfinished jobs may be evicted, so that their outcome is not published.</summary>
    public bool MayEvict { get; init; }

    /// <summary>Whether a new job may be as old as evicted jobs, so that it is published as a job that reappeared.</summary>
    public bool MayMistakeNewForOld { get; init; }

    /// <summary>Whether the list may turn out not to be sorted by creation time.</summary>
    public bool MayChangeOrder { get; init; }

    // For each job: the index of the last published state in its history, and whether it was published as vanished.
    private Dictionary<string, (int State, bool Vanished)> _published = [];
    private bool _isSynced;
    private bool _wasRestarted;

    /// <summary>
    /// Jobs that the server once omitted from its responses before a restart. A checkpoint does not contain every finished job, so such a job may
    /// appear at a position of new jobs.
    /// </summary>
    public IReadOnlySet<string> MayBeNewAgain { get; private set; } = new HashSet<string>();

    public int Events { get; private set; }

    public bool WasPublishedUnfinished(string id) => _published.TryGetValue(id, out (int State, bool Vanished) received) && !IsFinished(history[id][received.State]);

    /// <summary>The state of the checker, to restore when a watch restarts from a checkpoint created now.</summary>
    public Dictionary<string, (int State, bool Vanished)> Save() => new(_published);

    public void Restart(Dictionary<string, (int State, bool Vanished)>? saved, IReadOnlySet<string> mayBeNewAgain)
    {
        MayBeNewAgain = mayBeNewAgain;
        _wasRestarted = true;
        _published = saved is null ? [] : new(saved);
        _isSynced = false;
    }

    public void Take(PollOutcome outcome)
    {
        Check(outcome.JobCount >= 0 && outcome.RequestCount > 0, "a poll takes requests");
        Take(outcome.Events);
    }

    /// <summary>Adds the events of one poll.</summary>
    public void Take(IReadOnlyList<JobEvent> events)
    {
        WatchGap[] gaps = [.. events.OfType<WatchGap>()];
        Check(MayChangeOrder || gaps.All(gap => gap.Reason is not WatchGapReason.OrderChanged), "the server keeps the order");
        bool isSnapshot = !_isSynced || gaps.Any(gap => gap.Reason is not WatchGapReason.TooManyUnfinished);
        Check(events.OfType<WatchSynced>().Count() == (isSnapshot ? 1 : 0), "each snapshot ends with one WatchSynced, and nothing else does");
        Check(isSnapshot || !events.OfType<JobListed>().Any(), "JobListed is published in a snapshot only");
        Check(
            events.Select(OrderInPoll).SequenceEqual(events.Select(OrderInPoll).Order()),
            "gaps come first, then the snapshot, then the changes");
        CheckOldestFirst(events.OfType<JobListed>().Select(listed => listed.Job));
        CheckOldestFirst(events.OfType<JobChange>().Select(change => change.Job));
        Check(
            events.Select(JobOf).OfType<Job>().CountBy(IdOf).All(count => count.Value == 1),
            "a poll publishes at most one event of a job");
        foreach (JobEvent received in events)
        {
            Events++;
            Take(received, isResumed: !_isSynced && gaps.Length == 0);
        }

        _isSynced = true;
    }

    /// <summary>After some polls without changes: checks that the last event of each job is true.</summary>
    public void CheckComplete()
    {
        var present = jobs().Where(job => type is null || job.Type == type).ToDictionary(IdOf);
        foreach ((string id, Job job) in present)
        {
            Check(_published.TryGetValue(id, out (int State, bool Vanished) received), $"{job} was never published");
            Check(!received.Vanished, $"{job} was published as vanished");
            JobState state = history[id][received.State];

            // A finished job is not observed again: it may run and finish once more unobserved.
            Check(MayEvict || state == InMemoryJobs.StateOf(job) || (IsFinished(state) && job.IsFinished), $"{job} was last published as {state}");
        }

        foreach ((string id, (int index, bool vanished)) in _published)
        {
            Check(MayEvict || present.ContainsKey(id) || vanished || IsFinished(history[id][index]), $"{id} is no longer listed, and no event was published");
        }
    }

    private static bool IsFinished(JobState state) => new Job { TaskId = "1", Status = state.Status }.IsFinished;

    private static int OrderInPoll(JobEvent received) => received switch { WatchGap => 0, JobListed => 1, WatchSynced => 2, _ => 3 };

    private static Job? JobOf(JobEvent received) => (received as JobListed)?.Job ?? (received as JobChange)?.Job;

    private static void Check(bool holds, string claim)
    {
        if (!holds)
        {
            throw new FeedException(claim);
        }
    }

    private static void CheckOldestFirst(IEnumerable<Job> jobs)
    {
        DateTimeOffset[] times = [.. jobs.Select(job => job.CreateTime).OfType<DateTimeOffset>()];
        Check(times.SequenceEqual(times.Order()), "the oldest job comes first");
    }

    private void Take(JobEvent received, bool isResumed)
    {
        if (JobOf(received) is not { } job)
        {
            return;
        }

        Check(type is null || job.Type is null || job.Type == type, $"{job} is of another type");
        string id = IdOf(job);
        bool wasPublished = _published.TryGetValue(id, out (int State, bool Vanished) before);
        List<JobState> states = history[id];
        JobState? stateBefore = wasPublished ? states[before.State] : null;
        Check(!before.Vanished, $"{job} had vanished");
        switch (received)
        {
            case JobListed:
                Check(!isResumed || !wasPublished || stateBefore == InMemoryJobs.StateOf(job), $"{job} changed since the checkpoint, but was published in the snapshot");
                break;
            case JobAdded:
                Check(!wasPublished || MayBeNewAgain.Contains(job.TaskId), $"{job} was published before");
                break;
            case JobChanged { Previous: { IsFinished: false } regressed } when _wasRestarted && stateBefore is { } state && IsFinished(state) && state == InMemoryJobs.StateOf(job):
                // It may have been published that the job ran again, after the checkpoint was saved.
                Check(states.Contains(InMemoryJobs.StateOf(regressed)), $"{job} never was {regressed}");
                return;
            case JobChanged { Previous: { } previous }:
                Check(wasPublished && stateBefore == InMemoryJobs.StateOf(previous), $"{job} was published as {stateBefore}, not as {previous}");
                Check(stateBefore != InMemoryJobs.StateOf(job), $"{job} was published before");
                break;
            case JobChanged:
                Check((wasPublished ? MayEvict || IsFinished(stateBefore!.Value) : MayMistakeNewForOld) && !job.IsFinished, $"{job} did not reappear");
                break;
            default:
                Check(wasPublished && stateBefore == InMemoryJobs.StateOf(job), $"{job} was last published otherwise");
                Check(jobs().All(other => IdOf(other) != id), $"{job} is still listed");
                _published[id] = before with { Vanished = true };
                return;
        }

        int from = !wasPublished ? 0 : received is JobListed ? before.State : before.State + 1;
        int index = states.FindIndex(from, state => state == InMemoryJobs.StateOf(job));
        Check(index >= 0, $"{job} was not in this state since it was last published");
        _published[id] = (index, false);
    }
}

/// <summary>An event of a watch is wrong.</summary>
internal sealed class FeedException(string message) : Exception(message);
