using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Holds what a watch tells against what the server did.</summary>
/// <param name="history">Each job's states, in the order in which it had them; of deleted ones too.</param>
/// <param name="jobs">The jobs that the server has now.</param>
/// <param name="type">The type that is watched; null for all.</param>
internal sealed class FeedChecker(
    IReadOnlyDictionary<string, List<JobState>> history, Func<IReadOnlyCollection<Job>> jobs, JobType? type)
{
    /// <summary>What distinguishes a job from all others, in the history too.</summary>
    public Func<Job, string> IdOf { get; init; } = job => job.TaskId;

    /// <summary>Whether jobs may be evicted although they are unfinished, so that what becomes of them is not published.</summary>
    public bool MayEvict { get; init; }

    /// <summary>Whether a new job may be as old as evicted ones: then it is published as one that reappeared.</summary>
    public bool MayMistakeNewForOld { get; init; }

    /// <summary>Whether the list may turn out not to be sorted by creation time.</summary>
    public bool MayChangeOrder { get; init; }

    // Per job: which of its states was told last, as an index into its history; and whether it was said to have vanished.
    private Dictionary<string, (int State, bool Vanished)> _told = [];
    private bool _isSynced;
    private bool _wasRestarted;

    /// <summary>
    /// Jobs that the server once left out of its answers, before a restart. A checkpoint does not hold every finished job, so one of these may
    /// appear in a place where new jobs do.
    /// </summary>
    public IReadOnlySet<string> MayBeNewAgain { get; private set; } = new HashSet<string>();

    public int Events { get; private set; }

    public bool WasToldUnfinished(string id) => _told.TryGetValue(id, out var told) && !IsFinished(history[id][told.State]);

    /// <summary>What was told so far, to go back to when a watch starts again from a checkpoint made now.</summary>
    public Dictionary<string, (int State, bool Vanished)> Save() => new(_told);

    public void Restart(Dictionary<string, (int State, bool Vanished)>? saved, IReadOnlySet<string> mayBeNewAgain)
    {
        MayBeNewAgain = mayBeNewAgain;
        _wasRestarted = true;
        _told = saved is null ? [] : new(saved);
        _isSynced = false;
    }

    public void Take(PollOutcome outcome)
    {
        Check(outcome.Jobs >= 0 && outcome.Requests > 0, "a poll takes requests");
        Take(outcome.Events);
    }

    /// <summary>Takes all that one poll told.</summary>
    public void Take(IReadOnlyList<JobEvent> events)
    {
        WatchGap[] gaps = [.. events.OfType<WatchGap>()];
        Check(MayChangeOrder || gaps.All(gap => gap.Reason is not WatchGapReason.OrderChanged), "the server keeps the order");
        bool isPicture = !_isSynced || gaps.Any(gap => gap.Reason is not WatchGapReason.TooManyUnfinished);
        Check(events.OfType<WatchSynced>().Count() == (isPicture ? 1 : 0), "a picture ends in one WatchSynced, and only a picture");
        Check(isPicture || !events.OfType<JobListed>().Any(), "history is told in a picture only");
        Check(
            events.Select(Rank).SequenceEqual(events.Select(Rank).Order()),
            "gaps come first, then the picture, then the changes");
        CheckOldestFirst(events.OfType<JobListed>().Select(listed => listed.Job));
        CheckOldestFirst(events.OfType<JobChange>().Select(change => change.Job));
        Check(
            events.Select(JobOf).OfType<Job>().CountBy(IdOf).All(count => count.Value == 1),
            "a poll tells at most one thing of a job");
        foreach (JobEvent told in events)
        {
            Events++;
            Take(told, isResumed: !_isSynced && gaps.Length == 0);
        }

        _isSynced = true;
    }

    /// <summary>After some quiet polls: whether the last thing told of each job is true.</summary>
    public void CheckComplete()
    {
        Dictionary<string, Job> present = jobs().Where(job => type is null || job.Type == type).ToDictionary(IdOf);
        foreach ((string id, Job job) in present)
        {
            Check(_told.TryGetValue(id, out var told), $"{job} was never told");
            Check(!told.Vanished, $"{job} was said to have vanished");
            JobState state = history[id][told.State];

            // A finished job is not looked at again: it may run and finish once more unseen.
            Check(MayEvict || state == InMemoryJobs.StateOf(job) || (IsFinished(state) && job.IsFinished), $"{job} was last told as {state}");
        }

        foreach ((string id, (int index, bool vanished)) in _told)
        {
            Check(MayEvict || present.ContainsKey(id) || vanished || IsFinished(history[id][index]), $"{id} is gone, and nobody was told");
        }
    }

    private static bool IsFinished(JobState state) => new Job { TaskId = "1", Status = state.Status }.IsFinished;

    private static int Rank(JobEvent told) => told switch { WatchGap => 0, JobListed => 1, WatchSynced => 2, _ => 3 };

    private static Job? JobOf(JobEvent told) => (told as JobListed)?.Job ?? (told as JobChange)?.Job;

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

    private void Take(JobEvent told, bool isResumed)
    {
        if (JobOf(told) is not { } job)
        {
            return;
        }

        Check(type is null || job.Type is null || job.Type == type, $"{job} is of another type");
        string id = IdOf(job);
        bool wasTold = _told.TryGetValue(id, out var before);
        List<JobState> states = history[id];
        JobState? stateBefore = wasTold ? states[before.State] : null;
        Check(!before.Vanished, $"{job} had vanished");
        switch (told)
        {
            case JobListed:
                Check(!isResumed || !wasTold || stateBefore == InMemoryJobs.StateOf(job), $"{job} changed: that is news");
                break;
            case JobAdded:
                Check(!wasTold || MayBeNewAgain.Contains(job.TaskId), $"{job} was told before");
                break;
            case JobChanged { Previous: { IsFinished: false } regressed } when _wasRestarted && stateBefore is { } state && IsFinished(state) && state == InMemoryJobs.StateOf(job):
                // It may have been published that the job ran again, after the checkpoint was saved.
                Check(states.Contains(InMemoryJobs.StateOf(regressed)), $"{job} never was {regressed}");
                return;
            case JobChanged { Previous: { } previous }:
                Check(wasTold && stateBefore == InMemoryJobs.StateOf(previous), $"{job} was told as {stateBefore}, not as {previous}");
                Check(stateBefore != InMemoryJobs.StateOf(job), $"{job} was told before");
                break;
            case JobChanged:
                Check((wasTold ? MayEvict || IsFinished(stateBefore!.Value) : MayMistakeNewForOld) && !job.IsFinished, $"{job} did not come back");
                break;
            default:
                Check(wasTold && stateBefore == InMemoryJobs.StateOf(job), $"{job} was last told otherwise");
                Check(jobs().All(other => IdOf(other) != id), $"{job} is still there");
                _told[id] = before with { Vanished = true };
                return;
        }

        int from = !wasTold ? 0 : told is JobListed ? before.State : before.State + 1;
        int index = states.FindIndex(from, state => state == InMemoryJobs.StateOf(job));
        Check(index >= 0, $"{job} was never so since it was last told");
        _told[id] = (index, false);
    }
}

/// <summary>What a watch told is wrong.</summary>
internal sealed class FeedException(string message) : Exception(message);
