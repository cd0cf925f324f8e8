using System.Reactive.Concurrency;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Polls a list in memory, and fails or waits on request. Throws when two polls overlap.</summary>
internal sealed class FakePoller(IScheduler scheduler, int retained = int.MaxValue) : IJobPoller
{
    private readonly Lock _lock = new();
    private readonly List<Job> _jobs = [];
    private readonly Queue<Exception> _failures = [];
    private List<Job> _observed = [];
    private IReadOnlyList<Job> _snapshot = [];
    private bool _hasObserved;
    private int _inFlight;

    /// <summary>The start times of the polls.</summary>
    public List<DateTimeOffset> Polls { get; } = [];

    public int Canceled { get; private set; }

    public int InFlight => _inFlight;

    /// <summary>While it is set, polls wait for it before they read.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Whether polls omit added jobs, which a walk over the list contains.</summary>
    public bool HideFromPolls { get; set; }

    public bool IsDeafToCancellation { get; set; }

    public Action? WhilePolling { get; set; }

    public TrackerState? Restored { get; init; }

    public static Job Running(string taskId) => new() { TaskId = taskId, Status = JobStatus.Processing };

    public static Job Done(string taskId, JobResult result = JobResult.AllSucceeded) =>
        new() { TaskId = taskId, Status = JobStatus.Completed, Result = result };

    public void Set(params IEnumerable<Job> jobs)
    {
        lock (_lock)
        {
            foreach (Job job in jobs)
            {
                int index = _jobs.FindIndex(other => other.TaskId == job.TaskId);
                if (index < 0)
                {
                    _jobs.Add(job);
                }
                else
                {
                    _jobs[index] = job;
                }
            }
        }
    }

    public void Remove(string taskId)
    {
        lock (_lock)
        {
            _jobs.RemoveAll(job => job.TaskId == taskId);
        }
    }

    public void Fail(params Exception[] errors)
    {
        foreach (Exception exception in errors)
        {
            _failures.Enqueue(exception);
        }
    }

    public async IAsyncEnumerable<Job> List()
    {
        await Task.CompletedTask;
        foreach (Job job in _jobs.AsEnumerable().Reverse().ToList())
        {
            yield return job;
        }
    }

    public async Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inFlight));
        try
        {
            Polls.Add(scheduler.Now);
            WhilePolling?.Invoke();
            if (Hold is { } hold)
            {
                await hold.Task.WaitAsync(IsDeafToCancellation ? CancellationToken.None : cancellationToken);
            }

            if (!IsDeafToCancellation)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (_failures.TryDequeue(out Exception? exception))
            {
                throw exception;
            }

            lock (_lock)
            {
                return Observe(poll);
            }
        }
        catch (OperationCanceledException)
        {
            Canceled++;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    /// <summary>The state to export, if it is not that of the last poll.</summary>
    public TrackerState? ExportedState { get; set; }

    /// <summary>The number of checkpoints created.</summary>
    public int Exports { get; private set; }

    public long StateVersion { get; private set; }

    public TrackerState Export()
    {
        Exports++;
        return ExportedState ?? new TrackerState
        {
            Unfinished = [.. _observed.Where(job => !job.IsFinished).Select(ToSavedJob)],
            Finished = [.. _observed.Where(job => job.IsFinished).Select(ToSavedJob)],
            Recent = [],
        };
    }

    private static SavedJob ToSavedJob(Job job, int position) => new(job.TaskId, job.Status, job.Result, job.CreateTime, position);

    private PollOutcome Observe(long poll)
    {
        DateTimeOffset now = scheduler.Now;
        if (HideFromPolls)
        {
            return new PollOutcome([], _snapshot, RequestCount: 1, JobCount: 0, WasFullScan: false);
        }

        var events = new List<JobEvent>();
        if (!_hasObserved && Restored is null)
        {
            events.AddRange(_jobs.Select(job => new JobListed { Job = job, Poll = poll, ObservedAt = now }));
            events.Add(new WatchSynced { Poll = poll, ObservedAt = now });
        }
        else
        {
            List<Job> before = _hasObserved ? _observed : [.. Restored!.Unfinished.Concat(Restored.Finished).OrderBy(saved => saved.TaskId).Select(saved =>
                new Job { TaskId = saved.TaskId, Status = saved.Status, Result = saved.Result })];
            if (!_hasObserved)
            {
                events.AddRange(_jobs.Where(job => before.Exists(other => (other.TaskId, other.Status, other.Result) == (job.TaskId, job.Status, job.Result)))
                    .Select(job => new JobListed { Job = job, Poll = poll, ObservedAt = now }));
                events.Add(new WatchSynced { Poll = poll, ObservedAt = now });
            }

            foreach (Job job in _jobs)
            {
                Job? previous = before.Find(other => other.TaskId == job.TaskId);
                if (previous is null)
                {
                    events.Add(new JobAdded { Job = job, Poll = poll, ObservedAt = now });
                }
                else if ((previous.Status, previous.Result) != (job.Status, job.Result))
                {
                    events.Add(new JobChanged { Job = job, Previous = previous, Poll = poll, ObservedAt = now });
                }
            }

            events.AddRange(before.Where(job => !_jobs.Exists(other => other.TaskId == job.TaskId))
                .Select(job => new JobVanished { Job = job, Previous = job, Poll = poll, ObservedAt = now }));
        }

        bool isSame = _hasObserved && events.Count == 0;
        StateVersion += isSame ? 0 : 1;
        (_hasObserved, _observed) = (true, [.. _jobs]);
        _snapshot = isSame ? _snapshot : [.. _jobs.Where(job => !job.IsFinished || _jobs.IndexOf(job) >= _jobs.Count - (long)retained)];
        return new PollOutcome(events, _snapshot, RequestCount: 1, JobCount: _jobs.Count, WasFullScan: false);
    }
}
