using KooDrive.Jobs.Streams.Emulator.Model;
using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The jobs of a user of an emulator, which can be changed while the emulator runs.</summary>
/// <remarks>
/// Thread-safe. Each operation is atomic: a page contains all of its effects or none. The list is served newest first, and the job that
/// was added last is at offset 0. The store can contain a million jobs, and the cost of a page hardly depends on its offset.
/// </remarks>
public sealed class EmulatedJobStore
{
    // The time between the jobs of Fill: ten jobs share a second.
    private static readonly TimeSpan FillSpacing = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly JobSequence _jobs = new();
    private readonly TaskIdSequence _taskIds;
    private readonly JobClock _clock;
    private EmulatedJobHistory? _history;
    private long _version;

    internal EmulatedJobStore(JobClock clock, TaskIdSequence? taskIds = null) => (_clock, _taskIds) = (clock, taskIds ?? new TaskIdSequence());

    internal JobClock Clock => _clock;

    /// <summary>The number of jobs.</summary>
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

    /// <summary>The number of changes: one for each job that was added, changed or removed.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Adds a job at the start of the list.</summary>
    /// <param name="job">
    /// The job, which is stored unchanged. If the task id is empty, the store assigns an id and, unless it is set, the
    /// <see cref="EmulatedJob.CreateTime"/>.
    /// </param>
    /// <returns>The stored job.</returns>
    /// <exception cref="ArgumentException">The store contains a job with the same id.</exception>
    public EmulatedJob Add(EmulatedJob job) => AddMany([job])[0];

    /// <summary>Adds a new pending job at the start of the list.</summary>
    /// <param name="taskType">See <see cref="EmulatedJob.TaskType"/>.</param>
    /// <param name="actionType">See <see cref="EmulatedJob.ActionType"/>.</param>
    /// <param name="contentNum">The number of files.</param>
    /// <returns>The stored job with its id.</returns>
    public EmulatedJob Add(int taskType, int? actionType = null, int contentNum = 1) =>
        Add(new EmulatedJob { TaskType = taskType, ActionType = actionType, Status = JobCodes.Pending, ContentNum = contentNum });

    /// <summary>Adds a new pending job at the start of the list.</summary>
    /// <param name="type">The type.</param>
    /// <param name="action">The operation within the type. Default: none.</param>
    /// <param name="contentNum">The number of files. Default: 1.</param>
    /// <returns>The stored job with its id.</returns>
    public EmulatedJob Add(EmulatedJobType type, EmulatedJobAction? action = null, int contentNum = 1) => Add((int)type, (int?)action, contentNum);

    /// <summary>Adds jobs atomically and in order. The last job is then at the start of the list.</summary>
    /// <param name="jobs">The jobs, see <see cref="Add(EmulatedJob)"/>.</param>
    /// <returns>The stored jobs in the same order.</returns>
    /// <exception cref="ArgumentException">The store contains a job with the same id, or an id is duplicated. No job was added.</exception>
    public IReadOnlyList<EmulatedJob> AddMany(IEnumerable<EmulatedJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        EmulatedJob[] added = [.. jobs];
        lock (_lock)
        {
            RejectDuplicates(added);
            for (int index = 0; index < added.Length; index++)
            {
                added[index] = Append(added[index], _clock.Now);
            }
        }

        return added;
    }

    /// <summary>Adds many finished jobs at the start of the list.</summary>
    /// <param name="count">The number of jobs, 0 or more.</param>
    /// <param name="seed">The seed. The same seed creates the same jobs. Default: 1.</param>
    /// <remarks>The creation times are 0.1 seconds apart, up to the current time. The jobs have all documented outcomes.</remarks>
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
                Append(factory.End(job, job.CreateTime, job.CreateTime), created);
            }
        }
    }

    /// <summary>Returns the job with this id, or <see langword="null"/>.</summary>
    /// <param name="taskId">The task id.</param>
    public EmulatedJob? Find(string taskId)
    {
        ArgumentNullException.ThrowIfNull(taskId);
        lock (_lock)
        {
            return _jobs.Find(taskId);
        }
    }

    /// <summary>Returns a copy of the list, newest first.</summary>
    /// <param name="taskType">The type of the jobs, 1 to 7. Default: all types.</param>
    /// <param name="status">The status of the jobs, 0 to 3. Default: all statuses.</param>
    /// <exception cref="ArgumentOutOfRangeException">The type or the status is out of range.</exception>
    public IReadOnlyList<EmulatedJob> Snapshot(int? taskType = null, int? status = null)
    {
        var filter = JobFilter.Of(taskType, status);
        lock (_lock)
        {
            var jobs = new EmulatedJob[_jobs.CountMatching(filter)];
            _jobs.Copy(filter, offset: 0, jobs);
            return jobs;
        }
    }

    /// <summary>Removes a job.</summary>
    /// <param name="taskId">The task id.</param>
    /// <returns>Whether the store contained the job.</returns>
    public bool Remove(string taskId) => RemoveMany([taskId]) == 1;

    /// <summary>Removes jobs atomically. Unknown ids are ignored.</summary>
    /// <param name="taskIds">The task ids.</param>
    /// <returns>The number of removed jobs.</returns>
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

    /// <summary>Starts the processing of a pending job (status 0 to 1).</summary>
    /// <param name="taskId">The task id.</param>
    /// <returns>The changed job.</returns>
    /// <exception cref="KeyNotFoundException">The store does not contain the job.</exception>
    /// <exception cref="InvalidOperationException">The job is not pending.</exception>
    public EmulatedJob Start(string taskId) => Update(taskId, job => JobTransitions.Start(job, _clock.NowText));

    /// <summary>Completes an unfinished job (status 0 or 1 to 2).</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="taskResultCode">1: all files succeeded, 2: some failed, 3: all failed. Default: 1.</param>
    /// <param name="resultCode">The code that explains the result. Default: none.</param>
    /// <returns>The changed job.</returns>
    /// <exception cref="KeyNotFoundException">The store does not contain the job.</exception>
    /// <exception cref="InvalidOperationException">The job has finished.</exception>
    public EmulatedJob Finish(string taskId, int taskResultCode = JobCodes.AllSucceeded, int? resultCode = null) =>
        Update(taskId, job => JobTransitions.Finish(job, taskResultCode, resultCode, _clock.NowText));

    /// <summary>Completes an unfinished job (status 0 or 1 to 2).</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="result">The result.</param>
    /// <param name="resultCode">The code that explains the result. Default: none.</param>
    /// <returns>The changed job.</returns>
    /// <exception cref="KeyNotFoundException">The store does not contain the job.</exception>
    /// <exception cref="InvalidOperationException">The job has finished.</exception>
    public EmulatedJob Finish(string taskId, EmulatedJobResult result, int? resultCode = null) => Finish(taskId, (int)result, resultCode);

    /// <summary>Cancels an unfinished job (status 0 or 1 to 3).</summary>
    /// <param name="taskId">The task id.</param>
    /// <returns>The changed job.</returns>
    /// <exception cref="KeyNotFoundException">The store does not contain the job.</exception>
    /// <exception cref="InvalidOperationException">The job has finished.</exception>
    public EmulatedJob Cancel(string taskId) => Update(taskId, job => JobTransitions.Cancel(job, _clock.NowText));

    /// <summary>Sets the progress of a job.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="percent">The progress in percent, 0 to 100.</param>
    /// <returns>The changed job.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not 0 to 100.</exception>
    /// <exception cref="KeyNotFoundException">The store does not contain the job.</exception>
    public EmulatedJob SetProgress(string taskId, int percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        return Update(taskId, job => job with { Progress = percent });
    }

    /// <summary>Changes a job without changing its position in the list.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="change">
    /// Returns the changed job with the same id, or the same instance for no change. Called again if another change was made concurrently.
    /// </param>
    /// <returns>The changed job.</returns>
    /// <exception cref="ArgumentException"><paramref name="change"/> changed the id.</exception>
    /// <exception cref="KeyNotFoundException">The store does not contain the job.</exception>
    public EmulatedJob Update(string taskId, Func<EmulatedJob, EmulatedJob> change) =>
        TryUpdate(taskId, change) ?? throw new KeyNotFoundException($"The emulator has no job with the id '{taskId}'.");

    /// <summary>Starts recording the changes, in order. A second call starts a new history and stops the previous one.</summary>
    /// <param name="capacity">The maximum number of retained changes, 1 or more. The oldest are dropped first. Default: 100,000.</param>
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

    /// <summary>Adds a new job with the specified creation time.</summary>
    internal EmulatedJob Add(EmulatedJob job, DateTime created)
    {
        lock (_lock)
        {
            return Append(job, created);
        }
    }

    /// <summary>Changes a job. Returns <see langword="null"/> if the store does not contain the job.</summary>
    internal EmulatedJob? TryUpdate(string taskId, Func<EmulatedJob, EmulatedJob> change)
    {
        ArgumentNullException.ThrowIfNull(change);

        // The change is user code, so it runs outside the lock, and again if the job changed concurrently.
        while (Find(taskId) is { } previous)
        {
            EmulatedJob current = change(previous);
            if (ReferenceEquals(current, previous))
            {
                return previous;
            }

            if (current.TaskId != taskId)
            {
                throw new ArgumentException($"The change of the job '{taskId}' must not change its id.", nameof(change));
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

    /// <summary>Copies a page and returns the number of its jobs.</summary>
    internal int CopyPage(JobFilter filter, long offset, Span<EmulatedJob> page)
    {
        lock (_lock)
        {
            return _jobs.Copy(filter, offset, page);
        }
    }

    /// <summary>Copies a page with the jobs of the same second in the order of <paramref name="shuffle"/>, and returns the number of its jobs.</summary>
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
        _history?.Record(new EmulatedJobChange { Version = version, Previous = previous, Current = current });
    }

    private void RejectDuplicates(EmulatedJob[] jobs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (EmulatedJob job in jobs)
        {
            if (job.TaskId.Length > 0 && (_jobs.Find(job.TaskId) is not null || !seen.Add(job.TaskId)))
            {
                throw new ArgumentException($"The emulator already has a job with the id '{job.TaskId}'.", nameof(jobs));
            }
        }
    }
}
