namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// The newest jobs that polls have read: a job that is not among them, and would be if it had been listed at the last poll, is new. In a list sorted by
/// creation time those are all jobs newer than <see cref="Floor"/>; in any other list, the first ones by position. Immutable.
/// </summary>
internal sealed class RecentJobs
{
    /// <summary>The number of jobs remembered at most, so that memory is bounded when thousands are submitted in a second.</summary>
    public const int MaxCount = 16_384;

    private readonly Dictionary<JobKey, long?> _times;

    private RecentJobs(Dictionary<JobKey, long?> times) => _times = times;

    /// <summary>The jobs of a list that was empty.</summary>
    public static RecentJobs None { get; } = ByPosition(isWhole: true, [], []);

    /// <summary>Whether the list is sorted by creation time, as far as <see cref="Disorder"/> says.</summary>
    public required bool IsByTime { get; init; }

    /// <summary>Every job listed at the last poll and created later than this is remembered; in ticks. Only if the list is sorted.</summary>
    public required long Floor { get; init; }

    /// <summary>The most by which a job is newer than one before it, in ticks; not more than the margin in a list that counts as sorted.</summary>
    public long Disorder { get; init; }

    /// <summary>Whether, in a list that is not sorted, every job of the last poll is remembered.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The number of jobs newer than <see cref="Floor"/> that the last poll read.</summary>
    public int CountAboveFloor { get; init; }

    public IEnumerable<(JobKey Key, long? Time)> Jobs => _times.Select(entry => (entry.Key, entry.Value));

    public int Count => _times.Count;

    /// <summary>Makes the jobs of a list sorted by creation time.</summary>
    public static RecentJobs ByTime(long floor, long disorder, IEnumerable<(JobKey Key, long? Time)> listed, IEnumerable<(JobKey Key, long? Time)> before)
    {
        Dictionary<JobKey, long?> times = [];
        Add(times, listed.Where(job => job.Time > floor));
        int count = times.Count;
        Add(times, before.Where(job => job.Time > floor));
        return new RecentJobs(times) { IsByTime = true, Floor = floor, Disorder = disorder, CountAboveFloor = count };
    }

    /// <summary>Makes the jobs of any other list.</summary>
    public static RecentJobs ByPosition(bool isWhole, IEnumerable<(JobKey Key, long? Time)> listed, IEnumerable<(JobKey Key, long? Time)> before)
    {
        Dictionary<JobKey, long?> times = [];
        Add(times, listed);
        Add(times, before);
        return new RecentJobs(times) { IsByTime = false, Floor = long.MinValue, IsWhole = isWhole };
    }

    /// <summary>Whether a job is remembered. An id that is listed again with another creation time is another job.</summary>
    public bool Contains(FoundJob found) => _times.TryGetValue(found.Key, out long? time) && time == found.Time;

    /// <summary>Whether a job is created later than all that could have been missed. A job without a time is not.</summary>
    public bool IsAboveFloor(long? time) => IsByTime && time > Floor;

    /// <summary>Whether another one is the same in everything.</summary>
    public bool IsSame(RecentJobs other) =>
        (IsByTime, Floor, Disorder, IsWhole, CountAboveFloor, Count) == (other.IsByTime, other.Floor, other.Disorder, other.IsWhole, other.CountAboveFloor, other.Count)
        && _times.All(entry => other._times.TryGetValue(entry.Key, out long? time) && time == entry.Value);

    private static void Add(Dictionary<JobKey, long?> times, IEnumerable<(JobKey Key, long? Time)> jobs)
    {
        foreach ((JobKey key, long? time) in jobs.TakeWhile(_ => times.Count < MaxCount))
        {
            times.TryAdd(key, time);
        }
    }
}
