namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// The newest jobs that polls have read: in a list sorted by creation time, all jobs newer than <see cref="Floor"/>; in any other list, the first jobs by position.
/// A job in that range that is not one of these jobs is new. Immutable.
/// </summary>
internal sealed class RecentJobs
{
    /// <summary>The maximum number of remembered jobs, which bounds the memory when thousands of jobs are submitted in a second.</summary>
    public const int MaxCount = 16_384;

    // Replaces null, because nullable ticks need twice the memory.
    private const long Unknown = long.MinValue;

    private readonly Dictionary<JobKey, long> _times;

    private RecentJobs(Dictionary<JobKey, long> times)
    {
        times.TrimExcess();
        _times = times;
    }

    /// <summary>The jobs of an empty list.</summary>
    public static RecentJobs None { get; } = ByPosition(isWhole: true, [], []);

    /// <summary>Whether the list is sorted by creation time, except for <see cref="Disorder"/>.</summary>
    public required bool IsByTime { get; init; }

    /// <summary>The creation time, in ticks, after which every job of the last poll is remembered. Only for a sorted list.</summary>
    public required long Floor { get; init; }

    /// <summary>The maximum time, in ticks, by which a job is newer than a job before it; less than <see cref="PollingOptions.LateMargin"/> in a sorted list.</summary>
    public long Disorder { get; init; }

    /// <summary>Whether, in a list that is not sorted, every job of the last poll is remembered.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The creation time, in ticks, down to which the next poll reads the head, <see cref="Floor"/> or newer: no new job is expected to be older.</summary>
    public long Depth { get; init; }

    /// <summary>The number of jobs newer than <see cref="Depth"/> that the last poll read.</summary>
    public int CountNewerThanDepth { get; init; }

    public IEnumerable<(JobKey Key, long? Time)> Jobs => _times.Select(entry => (entry.Key, entry.Value is Unknown ? null : (long?)entry.Value));

    public int Count => _times.Count;

    /// <summary>Creates the jobs of a list that is sorted by creation time.</summary>
    public static RecentJobs ByTime(
        long floor, long depth, long disorder, IReadOnlyCollection<(JobKey Key, long? Time)> listed, IEnumerable<(JobKey Key, long? Time)> before)
    {
        Dictionary<JobKey, long> times = [];
        Add(times, listed.Where(job => job.Time > floor));
        Add(times, before.Where(job => job.Time > floor));
        return new RecentJobs(times) { IsByTime = true, Floor = floor, Depth = depth, Disorder = disorder, CountNewerThanDepth = listed.Count(job => job.Time > depth) };
    }

    /// <summary>Creates the jobs of any other list.</summary>
    public static RecentJobs ByPosition(bool isWhole, IEnumerable<(JobKey Key, long? Time)> listed, IEnumerable<(JobKey Key, long? Time)> before)
    {
        Dictionary<JobKey, long> times = [];
        Add(times, listed);
        Add(times, before);
        return new RecentJobs(times) { IsByTime = false, Floor = long.MinValue, IsWhole = isWhole };
    }

    /// <summary>Whether a job is remembered. An id with another creation time is another job.</summary>
    public bool Contains(FoundJob found) => _times.TryGetValue(found.Key, out long time) && time == (found.Time ?? Unknown);

    /// <summary>Whether a job was created after <see cref="Floor"/>; false for a job without a creation time.</summary>
    public bool IsNewerThanFloor(long? time) => IsByTime && time > Floor;

    /// <summary>Whether another instance has the same content.</summary>
    public bool IsSame(RecentJobs other) =>
        (IsByTime, Floor, Depth, Disorder, IsWhole, CountNewerThanDepth, Count)
            == (other.IsByTime, other.Floor, other.Depth, other.Disorder, other.IsWhole, other.CountNewerThanDepth, other.Count)
        && _times.All(entry => other._times.TryGetValue(entry.Key, out long time) && time == entry.Value);

    private static void Add(Dictionary<JobKey, long> times, IEnumerable<(JobKey Key, long? Time)> jobs)
    {
        foreach ((JobKey key, long? time) in jobs.TakeWhile(_ => times.Count < MaxCount))
        {
            times.TryAdd(key, time ?? Unknown);
        }
    }
}

/// <summary>A job in a checkpoint that is kept only because it is not new.</summary>
/// <param name="TaskId">The task id.</param>
/// <param name="CreateTime">The creation time.</param>
internal sealed record RecentJob(string TaskId, DateTimeOffset? CreateTime);
