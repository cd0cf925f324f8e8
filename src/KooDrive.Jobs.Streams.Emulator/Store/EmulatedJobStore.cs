using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The jobs of an emulator, to act on while it runs.</summary>
/// <remarks>
/// Thread safe; each operation takes effect at once and as a whole, so that a page shows all of it or nothing. The list is served
/// newest first: what was added last stands at its head. It holds a million jobs, and a page deep in it costs no more than one at
/// its head.
/// </remarks>
public sealed class EmulatedJobStore
{
    // Between the jobs of a fill. Ten share a second, as jobs that scripts start do.
    private static readonly TimeSpan FillSpacing = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly JobSequence _jobs = new();
    private readonly TaskIdSequence _taskIds = new();
    private readonly JobClock _clock;
    private EmulatedJobHistory? _history;
    private long _version;

    internal EmulatedJobStore(JobClock clock) => _clock = clock;

    /// <summary>How many jobs there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Count;
            }
        }
    }

    /// <summary>How many changes there were: one for each job added, changed or removed.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Adds a job at the head of the list.</summary>
    /// <param name="job">
    /// Stored as it is. One without a task id is new: it gets an id, and where it has none a <see cref="EmulatedJob.CreateTime"/>.
    /// </param>
    /// <returns>The job as stored.</returns>
    /// <exception cref="ArgumentException">There is a job with that id.</exception>
    public EmulatedJob Add(EmulatedJob job) => AddMany([job])[0];

    /// <summary>Adds a new job, to be processed, at the head of the list.</summary>
    /// <param name="taskType">See <see cref="EmulatedJob.TaskType"/>.</param>
    /// <param name="actionType">See <see cref="EmulatedJob.ActionType"/>.</param>
    /// <param name="contentNum">The number of files.</param>
    /// <returns>The job as stored, with its id.</returns>
    public EmulatedJob Add(int taskType, int? actionType = null, int contentNum = 1) =>
        Add(new EmulatedJob { TaskType = taskType, ActionType = actionType, Status = JobCodes.Pending, ContentNum = contentNum });

    /// <summary>Adds jobs in their order, so that the last one becomes the head of the list, with no page between them.</summary>
    /// <param name="jobs">As for <see cref="Add(EmulatedJob)"/>.</param>
    /// <returns>The jobs as stored, in the same order.</returns>
    /// <exception cref="ArgumentException">There is a job with such an id, or two of these share one. None was added.</exception>
    public IReadOnlyList<EmulatedJob> AddMany(IEnumerable<EmulatedJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        EmulatedJob[] added = [.. jobs];
        lock (_lock)
        {
            RefuseDuplicates(added);
            for (int index = 0; index < added.Length; index++)
            {
                added[index] = Append(added[index], _clock.Now);
            }
        }

        return added;
    }

    /// <summary>Adds many finished jobs at the head of the list, quickly: a history to list.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">What they are drawn from: the same seed, the same jobs.</param>
    /// <remarks>They were created a tenth of a second apart, the last one now, and ended in all the documented ways.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public void Fill(int count, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var factory = new SampleJobFactory(new Random(seed));
        lock (_lock)
        {
            DateTime now = _clock.Now;
            for (int remaining = count; remaining > 0; remaining--)
            {
                DateTime created = now - ((remaining - 1) * FillSpacing);
                EmulatedJob job = factory.Draw() with { TaskId = _taskIds.Next(created), CreateTime = _clock.Text(created) };
                Append(factory.End(job, job.CreateTime), created);
            }
        }
    }

    /// <summary>The job with this id, or <see langword="null"/>.</summary>
    /// <param name="taskId">The task id.</param>
    public EmulatedJob? Find(string taskId)
    {
        ArgumentNullException.ThrowIfNull(taskId);
        lock (_lock)
        {
            return _jobs.Find(taskId);
        }
    }

    /// <summary>A copy of the list, newest first.</summary>
    /// <param name="taskType">Jobs of this type alone, 1 to 7.</param>
    /// <param name="status">Jobs in this status alone, 0 to 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A filter that a request could not have.</exception>
    public IReadOnlyList<EmulatedJob> Snapshot(int? taskType = null, int? status = null)
    {
        JobFilter filter = JobFilter.Of(taskType, status);
        lock (_lock)
        {
            var jobs = new EmulatedJob[_jobs.CountMatching(filter)];
            _jobs.Copy(filter, offset: 0, jobs);
            return jobs;
        }
    }

    /// <summary>Removes a job.</summary>
    /// <param name="taskId">The task id.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string taskId) => RemoveMany([taskId]) == 1;

    /// <summary>Removes jobs with no page between them. Ids that are not there are passed over.</summary>
    /// <param name="taskIds">The task ids.</param>
    /// <returns>How many were there.</returns>
    public int RemoveMany(IEnumerable<string> taskIds)
    {
        ArgumentNullException.ThrowIfNull(taskIds);
        string[] removals = [.. taskIds];
        int removed = 0;
        lock (_lock)
        {
            foreach (string taskId in removals)
            {
                if (_jobs.Remove(taskId) is { } job)
                {
                    Record(job, null);
                    removed++;
                }
            }
        }

        return removed;
    }

    /// <summary>Begins work on a job that is to be processed (0 to 1).</summary>
    /// <param name="taskId">The task id.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    /// <exception cref="InvalidOperationException">The job is not to be processed.</exception>
    public EmulatedJob Start(string taskId) => Update(taskId, job => JobTransitions.Start(job, _clock.NowText));

    /// <summary>Completes an unfinished job (0 or 1 to 2).</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="taskResultCode">1 (the default) all files succeeded, 2 some failed, 3 all failed.</param>
    /// <param name="resultCode">The code that explains the result, none by default.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    /// <exception cref="InvalidOperationException">The job has finished.</exception>
    public EmulatedJob Finish(string taskId, int taskResultCode = JobCodes.AllSucceeded, int? resultCode = null) =>
        Update(taskId, job => JobTransitions.Finish(job, taskResultCode, resultCode, _clock.NowText));

    /// <summary>Cancels an unfinished job (0 or 1 to 3).</summary>
    /// <param name="taskId">The task id.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    /// <exception cref="InvalidOperationException">The job has finished.</exception>
    public EmulatedJob Cancel(string taskId) => Update(taskId, job => JobTransitions.Cancel(job, _clock.NowText));

    /// <summary>Says how much of a job is done.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="percent">0 to 100.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is no percentage.</exception>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    public EmulatedJob SetProgress(string taskId, int percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        return Update(taskId, job => job with { Progress = percent });
    }

    /// <summary>Changes a job in any way, where it stands.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="change">Gives the job as it is to be, with the same id. Called again when the job changed meanwhile.
    /// The job itself means no change.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="ArgumentException">The change gave the job another id.</exception>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    public EmulatedJob Update(string taskId, Func<EmulatedJob, EmulatedJob> change) =>
        TryUpdate(taskId, change) ?? throw new KeyNotFoundException($"There is no job {taskId}.");

    /// <summary>Records every change from now on, in order. A second call starts another record and ends the first.</summary>
    /// <param name="capacity">How many changes are kept, 1 or more; the oldest go first. Default 100,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public EmulatedJobHistory RecordChanges(int capacity = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var history = new EmulatedJobHistory(capacity);
        lock (_lock)
        {
            _history = history;
        }

        return history;
    }

    /// <summary>Adds a new job that was created at another time than now.</summary>
    internal EmulatedJob Add(EmulatedJob job, DateTime created)
    {
        lock (_lock)
        {
            return Append(job, created);
        }
    }

    /// <summary>As <see cref="Update"/>, but a job that is not there is no error: <see langword="null"/>.</summary>
    internal EmulatedJob? TryUpdate(string taskId, Func<EmulatedJob, EmulatedJob> change)
    {
        ArgumentNullException.ThrowIfNull(change);

        // The change is foreign code, so it runs outside the lock, and again when somebody else came first.
        while (Find(taskId) is { } previous)
        {
            EmulatedJob current = change(previous);
            if (ReferenceEquals(current, previous))
            {
                return previous;
            }

            if (current.TaskId != taskId)
            {
                throw new ArgumentException($"A change of job {taskId} must keep its id.", nameof(change));
            }

            lock (_lock)
            {
                if (ReferenceEquals(_jobs.Find(taskId), previous))
                {
                    _jobs.Replace(current);
                    Record(previous, current);
                    return current;
                }
            }
        }

        return null;
    }

    /// <summary>Copies a page and says how many jobs it holds.</summary>
    internal int CopyPage(JobFilter filter, long offset, Span<EmulatedJob> page)
    {
        lock (_lock)
        {
            return _jobs.Copy(filter, offset, page);
        }
    }

    /// <summary>Copies a page in which jobs created in the same second are in the order of <paramref name="shuffle"/>.</summary>
    internal int CopyPage(JobFilter filter, long offset, Span<EmulatedJob> page, TieShuffle shuffle)
    {
        lock (_lock)
        {
            return shuffle.Copy(_jobs, filter, offset, page);
        }
    }

    private EmulatedJob Append(EmulatedJob job, DateTime created)
    {
        if (job.TaskId.Length == 0)
        {
            job = job with { TaskId = _taskIds.Next(created), CreateTime = job.CreateTime ?? _clock.Text(created) };
        }
        else
        {
            _taskIds.Observe(job.TaskId);
        }

        _jobs.Append(job);
        Record(null, job);
        return job;
    }

    private void Record(EmulatedJob? previous, EmulatedJob? current)
    {
        long version = Interlocked.Increment(ref _version);
        _history?.Record(new EmulatedJobChange(version, previous, current));
    }

    private void RefuseDuplicates(EmulatedJob[] jobs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (EmulatedJob job in jobs)
        {
            if (job.TaskId.Length > 0 && (_jobs.Find(job.TaskId) is not null || !seen.Add(job.TaskId)))
            {
                throw new ArgumentException($"There is a job {job.TaskId} already.", nameof(jobs));
            }
        }
    }
}
