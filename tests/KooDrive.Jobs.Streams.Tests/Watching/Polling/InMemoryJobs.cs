using System.Globalization;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>The list of jobs of a server, newest first, with the history of each job.</summary>
internal sealed class InMemoryJobs
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Job> _jobs = [];
    private long _created;

    public IReadOnlyList<Job> Jobs => _jobs;

    /// <summary>The states of each job, in order, by <see cref="IdOf"/>, including deleted jobs.</summary>
    public Dictionary<string, List<JobState>> History { get; } = [];

    /// <summary>A listed job that the server omits from its responses.</summary>
    public string? Hidden { get; set; }

    /// <summary>Whether a new job is listed after the jobs of the same second, instead of before.</summary>
    public bool ListsNewBelowSameSecond { get; init; }

    /// <summary>Puts jobs of the same second into another order for each request; null to keep their order.</summary>
    public Random? TieOrder { get; init; }

    /// <summary>Whether jobs have a time of creation.</summary>
    public bool HasCreationTimes { get; set; } = true;

    /// <summary>The jobs with which a lagging replica responds instead of the list; null for none.</summary>
    public IReadOnlyList<Job>? Stale { get; set; }

    /// <summary>The limit of the server, regardless of the requested limit.</summary>
    public int MaxLimit { get; set; } = 100;

    /// <summary>Seconds since the start, by the clock of the server that gives jobs their times.</summary>
    public int Now { get; set; }

    /// <summary>Called before each request is served; may change the list and may throw.</summary>
    public Action? BeforeRequest { get; set; }

    public List<string> Requests { get; } = [];

    public static JobState StateOf(Job job) => JobState.Of(job);

    /// <summary>Returns the identity of a job. An id may be reused for another job after the first job was deleted.</summary>
    public static string IdOf(Job job) => string.Create(CultureInfo.InvariantCulture, $"{job.TaskId}@{job.CreateTime?.UtcTicks}");

    public Job Insert(JobStatus? status = JobStatus.Pending, JobResult? result = null, JobType type = JobType.BatchReplication, int late = 0, string? taskId = null)
    {
        long number = ++_created;
        var job = new Job
        {
            // Occasionally an id that is not a number.
            TaskId = taskId ?? (number % 7 == 0 ? $"job-{number}" : (1_320_279_000_000_000_000 + number).ToString(CultureInfo.InvariantCulture)),
            Type = type,
            Status = status,
            Result = result,
            CreateTime = HasCreationTimes ? Start.AddSeconds(Now - late) : null,
        };
        int index = late > 0 ? _jobs.TakeWhile(other => other.CreateTime > job.CreateTime).Count()
            : ListsNewBelowSameSecond ? _jobs.TakeWhile(other => other.CreateTime == job.CreateTime).Count()
            : 0;
        _jobs.Insert(index, job);
        History.Add(IdOf(job), [StateOf(job)]);
        return job;
    }

    public void InsertMany(int count, JobStatus status = JobStatus.Completed, int interval = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Insert(status, status is JobStatus.Completed ? JobResult.AllSucceeded : null);
            Now += interval;
        }
    }

    public void Delete(int index, int count = 1) => _jobs.RemoveRange(index, count);

    public void Change(int index, JobStatus? status, JobResult? result = null)
    {
        Job job = _jobs[index];
        _jobs[index] = job with { Status = status, Result = result };
        History[IdOf(job)].Add(new JobState(status, result));
    }

    public void Reverse() => _jobs.Reverse();

    public IReadOnlyList<Job> Page(JobQuery query, long offset, int limit)
    {
        IReadOnlyList<Job> jobs = View(query, offset, limit);
        List<Job> page = [];
        long position = 0;
        if (query is { Type: null, Status: null } && Hidden is null)
        {
            position = Math.Min(offset, jobs.Count);
        }

        for (int index = (int)position; index < jobs.Count && page.Count < Math.Min(limit, MaxLimit); index++)
        {
            if (IsServed(jobs[index], query) && position++ >= offset)
            {
                page.Add(jobs[index]);
            }
        }

        return page;
    }

    /// <summary>Whether a job is in a filtered list.</summary>
    public bool IsServed(Job job, JobQuery query) =>
        job.TaskId != Hidden && (query.Type is null || job.Type == query.Type) && (query.Status is null || job.Status == query.Status);

    /// <summary>Returns the list for one request.</summary>
    public IReadOnlyList<Job> View(JobQuery query, long offset, int limit)
    {
        Requests.Add(string.Create(CultureInfo.InvariantCulture, $"{query.Status} {offset} {limit}"));
        BeforeRequest?.Invoke();
        IReadOnlyList<Job> jobs = Stale ?? _jobs;
        if (TieOrder is null)
        {
            return jobs;
        }

        Job[] shuffled = [.. jobs];
        for (int start = 0, end; start < shuffled.Length; start = end)
        {
            for (end = start + 1; end < shuffled.Length && shuffled[end].Create == shuffled[start].Create; end++)
            {
            }

            TieOrder.Shuffle(shuffled.AsSpan(start, end - start));
        }

        return shuffled;
    }
}
