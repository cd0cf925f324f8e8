using System.Globalization;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>A server's list of jobs, newest first, with everything that ever happened to each.</summary>
internal sealed class InMemoryJobs
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<Job> _jobs = [];
    private long _created;

    public IReadOnlyList<Job> Jobs => _jobs;

    /// <summary>Each job's states, in the order in which it had them; of deleted ones too.</summary>
    public Dictionary<string, List<JobState>> History { get; } = [];

    /// <summary>A job that the server leaves out of its answers, although it is there.</summary>
    public string? Hidden { get; set; }

    /// <summary>Whether a new job is listed below those of the same second, instead of above.</summary>
    public bool ListsNewBelowSameSecond { get; init; }

    /// <summary>Whether jobs have a time of creation.</summary>
    public bool TellsTimes { get; init; } = true;

    /// <summary>The server's limit, however much is asked for.</summary>
    public int MaxLimit { get; init; } = 100;

    /// <summary>Seconds since the start.</summary>
    public int Now { get; set; }

    /// <summary>Called before each request is served; may change the list and may throw.</summary>
    public Action? BeforeRequest { get; set; }

    public List<string> Requests { get; } = [];

    public static JobState StateOf(Job job) => new(job.Status, job.Result);

    public Job Insert(JobStatus? status = JobStatus.Pending, JobResult? result = null, JobType type = JobType.BatchReplication)
    {
        long number = ++_created;
        var job = new Job
        {
            // Now and then an id that is no number.
            TaskId = number % 7 == 0 ? $"job-{number}" : (1_320_279_000_000_000_000 + number).ToString(CultureInfo.InvariantCulture),
            Type = type,
            Status = status,
            Result = result,
            CreateTime = TellsTimes ? Start.AddSeconds(Now) : null,
        };
        int index = ListsNewBelowSameSecond ? _jobs.TakeWhile(other => other.CreateTime == job.CreateTime).Count() : 0;
        _jobs.Insert(index, job);
        History.Add(job.TaskId, [StateOf(job)]);
        return job;
    }

    public void InsertMany(int count, JobStatus status = JobStatus.Completed)
    {
        for (int i = 0; i < count; i++)
        {
            Insert(status, status is JobStatus.Completed ? JobResult.AllSucceeded : null);
            Now++;
        }
    }

    public void Delete(int index) => _jobs.RemoveAt(index);

    public void Change(int index, JobStatus? status, JobResult? result = null)
    {
        Job job = _jobs[index];
        _jobs[index] = job with { Status = status, Result = result };
        History[job.TaskId].Add(new JobState(status, result));
    }

    public void Reverse() => _jobs.Reverse();

    public IReadOnlyList<Job> Page(JobQuery query, long offset, int limit)
    {
        Requests.Add(string.Create(CultureInfo.InvariantCulture, $"{query.Status} {offset} {limit}"));
        BeforeRequest?.Invoke();
        List<Job> page = [];
        long place = 0;
        if (query is { Type: null, Status: null } && Hidden is null)
        {
            place = Math.Min(offset, _jobs.Count);
        }

        for (int index = (int)place; index < _jobs.Count && page.Count < Math.Min(limit, MaxLimit); index++)
        {
            Job job = _jobs[index];
            if (job.TaskId != Hidden && (query.Type is null || job.Type == query.Type) && (query.Status is null || job.Status == query.Status) && place++ >= offset)
            {
                page.Add(job);
            }
        }

        return page;
    }

    internal readonly record struct JobState(JobStatus? Status, JobResult? Result);
}
