namespace KooDrive.Jobs.Streams;

/// <summary>A page read from somewhere in the list.</summary>
internal sealed class WindowPage
{
    private readonly Dictionary<JobKey, int> _indexes;

    public WindowPage(long offset, IReadOnlyList<Job> jobs)
    {
        Offset = offset;
        Jobs = jobs;
        _indexes = new Dictionary<JobKey, int>(jobs.Count);
        for (int index = 0; index < jobs.Count; index++)
        {
            _indexes.TryAdd(JobKey.Of(jobs[index]), index);
        }
    }

    public long Offset { get; }

    public IReadOnlyList<Job> Jobs { get; }

    /// <summary>The place behind the last job.</summary>
    public long End => Offset + Jobs.Count;

    /// <summary>The place of a job; null when it is not on this page.</summary>
    public long? PlaceOf(JobKey key) => _indexes.TryGetValue(key, out int index) ? Offset + index : null;
}
