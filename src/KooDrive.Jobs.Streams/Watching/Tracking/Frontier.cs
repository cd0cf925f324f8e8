namespace KooDrive.Jobs.Streams;

/// <summary>
/// The newest jobs known, newest first, without a hole: what a poll recognises the head of the list by. What stands above one of them
/// and is not known is new. There are many, so that some are left when the newest are deleted. Immutable.
/// </summary>
internal sealed class Frontier
{
    private readonly Dictionary<JobKey, int> _indexes;
    private readonly IReadOnlyList<(JobKey Key, long Place)> _jobs;

    private Frontier(int size, IReadOnlyList<(JobKey Key, long Place)> jobs, int settledFrom, DateTimeOffset? newestTime)
    {
        Size = size;
        SettledFrom = settledFrom;
        NewestTime = newestTime;
        _jobs = jobs;
        _indexes = new Dictionary<JobKey, int>(jobs.Count);
        for (int index = 0; index < jobs.Count; index++)
        {
            _indexes.TryAdd(jobs[index].Key, index);
        }
    }

    /// <summary>How many it holds of a long list, those of the newest second aside.</summary>
    public int Size { get; }

    /// <summary>How many it holds; 0 only when the list was empty, so that every job is new.</summary>
    public int Count => _jobs.Count;

    public IEnumerable<JobKey> Keys => _jobs.Select(job => job.Key);

    /// <summary>
    /// The index from which on nothing can come in between any more. Times are to the second, and within its second a new job may be listed below
    /// older ones; so the jobs of the newest second are settled only when a poll has found nothing new above them.
    /// </summary>
    public int SettledFrom { get; }

    /// <summary>When the youngest job ever seen was created: a job created later is new wherever it stands.</summary>
    public DateTimeOffset? NewestTime { get; }

    /// <summary>A frontier of some jobs, newest first.</summary>
    public static Frontier Of(int size, IEnumerable<JobKey> keys, int settledFrom = 0, DateTimeOffset? newestTime = null) =>
        new(size, [.. keys.Select((key, index) => (key, (long)index))], settledFrom, newestTime);

    /// <summary>The index of a job; -1 when it is not part of it.</summary>
    public int IndexOf(JobKey key) => _indexes.GetValueOrDefault(key, -1);

    /// <summary>The place where a job stood.</summary>
    public long PlaceAt(int index) => _jobs[index].Place;

    /// <summary>Whether the job at an index, found again, tells that nothing new can stand below it; -1, of none found, never does.</summary>
    public bool IsSettled(int index) => index >= 0 && index >= SettledFrom;

    /// <summary>Whether another one is the same in everything.</summary>
    public bool IsSame(Frontier other) =>
        Size == other.Size && SettledFrom == other.SettledFrom && NewestTime == other.NewestTime && _jobs.SequenceEqual(other._jobs);

    /// <summary>The frontier for the next poll.</summary>
    /// <param name="head">The head of the list as it was read.</param>
    public Frontier Next(HeadSlice head)
    {
        List<(JobKey Key, long Place)> jobs = [.. head.Newest.Select((key, index) => (key, (long)index))];
        if (head.EndsAtDeepest)
        {
            // What was known below the stretch that was read still follows it.
            jobs.AddRange(_jobs.Skip(head.Deepest + 1)
                .Where(job => !head.Contains(job.Key))
                .Take(Size + head.NewestSecond - jobs.Count)
                .Select((job, index) => (job.Key, head.Count + index)));
        }

        return new Frontier(Size, jobs, head.IsQuiet ? 0 : head.NewestSecond, head.NewestTime);
    }
}
