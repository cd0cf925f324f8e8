namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Holds what a watch tells against what the server did.</summary>
/// <param name="history">Each job's states, in the order in which it had them; of deleted ones too.</param>
/// <param name="jobs">The jobs that the server has now.</param>
/// <param name="type">The type that is watched; null for all.</param>
internal sealed class FeedChecker(
    IReadOnlyDictionary<string, List<InMemoryJobs.JobState>> history, Func<IReadOnlyCollection<Job>> jobs, JobType? type)
{
    // Per job: which of its states was told last, as an index into its history; and whether it was said to have vanished.
    private Dictionary<string, (int State, bool Vanished)> _told = [];
    private bool _isSynced;

    /// <summary>
    /// Jobs that the server once left out of its answers, before a restart. A checkpoint does not hold every finished job, so one of these may
    /// appear in a place where new jobs do.
    /// </summary>
    public IReadOnlySet<string> MayBeNewAgain { get; private set; } = new HashSet<string>();

    public int Events { get; private set; }

    public bool WasToldUnfinished(string taskId) => _told.TryGetValue(taskId, out var told) && !IsFinished(history[taskId][told.State]);

    /// <summary>What was told so far, to go back to when a watch starts again from a checkpoint made now.</summary>
    public Dictionary<string, (int State, bool Vanished)> Save() => new(_told);

    public void Restart(Dictionary<string, (int State, bool Vanished)>? saved, IReadOnlySet<string> mayBeNewAgain)
    {
        MayBeNewAgain = mayBeNewAgain;
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
        Check(gaps.All(gap => gap.Reason is not WatchGapReason.OrderChanged), "the server keeps the order");
        bool isPicture = !_isSynced || gaps.Any(gap => gap.Reason is not WatchGapReason.TooManyUnfinished);
        Check(events.OfType<WatchSynced>().Count() == (isPicture ? 1 : 0), "a picture ends in one WatchSynced, and only a picture");
        Check(isPicture || !events.OfType<JobListed>().Any(), "history is told in a picture only");
        Check(
            events.Select(Rank).SequenceEqual(events.Select(Rank).Order()),
            "gaps come first, then the picture, then the changes");
        CheckOldestFirst(events.OfType<JobListed>().Select(listed => listed.Job));
        CheckOldestFirst(events.OfType<JobChange>().Select(change => change.Job));
        Check(
            events.Select(JobOf).OfType<Job>().CountBy(job => job.TaskId).All(count => count.Value == 1),
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
        Dictionary<string, Job> present = jobs().Where(job => type is null || job.Type == type).ToDictionary(job => job.TaskId);
        foreach (Job job in present.Values)
        {
            Check(_told.TryGetValue(job.TaskId, out var told), $"{job} was never told");
            Check(!told.Vanished, $"{job} was said to have vanished");
            InMemoryJobs.JobState state = history[job.TaskId][told.State];

            // A finished job is not looked at again: it may run and finish once more unseen.
            Check(state == InMemoryJobs.StateOf(job) || (IsFinished(state) && job.IsFinished), $"{job} was last told as {state}");
        }

        foreach ((string id, (int index, bool vanished)) in _told)
        {
            Check(present.ContainsKey(id) || vanished || IsFinished(history[id][index]), $"{id} is gone, and nobody was told");
        }
    }

    private static bool IsFinished(InMemoryJobs.JobState state) => new Job { TaskId = "1", Status = state.Status }.IsFinished;

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
        bool wasTold = _told.TryGetValue(job.TaskId, out var before);
        List<InMemoryJobs.JobState> states = history[job.TaskId];
        InMemoryJobs.JobState? stateBefore = wasTold ? states[before.State] : null;
        Check(!before.Vanished, $"{job} had vanished");
        switch (told)
        {
            case JobListed:
                Check(!isResumed || !wasTold || stateBefore == InMemoryJobs.StateOf(job), $"{job} changed: that is news");
                break;
            case JobAdded:
                Check(!wasTold || MayBeNewAgain.Contains(job.TaskId), $"{job} was told before");
                break;
            case JobChanged { Previous: { } previous }:
                Check(wasTold && stateBefore == InMemoryJobs.StateOf(previous), $"{job} was told as {stateBefore}, not as {previous}");
                Check(stateBefore != InMemoryJobs.StateOf(job), $"{job} was told before");
                break;
            case JobChanged:
                Check(wasTold && IsFinished(stateBefore!.Value) && !job.IsFinished, $"{job} did not come back");
                break;
            default:
                Check(wasTold && stateBefore == InMemoryJobs.StateOf(job), $"{job} was last told otherwise");
                Check(jobs().All(other => other.TaskId != job.TaskId), $"{job} is still there");
                _told[job.TaskId] = before with { Vanished = true };
                return;
        }

        int from = !wasTold ? 0 : told is JobListed ? before.State : before.State + 1;
        int index = states.FindIndex(from, state => state == InMemoryJobs.StateOf(job));
        Check(index >= 0, $"{job} was never so since it was last told");
        _told[job.TaskId] = (index, false);
    }
}

/// <summary>What a watch told is wrong.</summary>
internal sealed class FeedException(string message) : Exception(message);
