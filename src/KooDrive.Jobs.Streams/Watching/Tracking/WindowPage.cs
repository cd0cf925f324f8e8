namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A page from any position of the list.</summary>
internal sealed class WindowPage
{
    private readonly Dictionary<JobKey, int> _indexes;

    /// <param name="offset">The position of the first job.</param>
    /// <param name="jobs">The jobs.</param>
    /// <param name="pageLength">The number of jobs on a full page.</param>
    public WindowPage(long offset, IReadOnlyList<Job> jobs, int pageLength)
    {
        Offset = offset;
        End = offset + jobs.Count;

        // A short page proves nothing: a server may limit the bytes of a response. The page after it overlaps by a job, which is alone at the end of the list.
        IsLast = jobs.Count < Math.Min(2, pageLength);
        _indexes = new Dictionary<JobKey, int>(jobs.Count);
        for (int index = 0; index < jobs.Count; index++)
        {
            _indexes.TryAdd(JobKey.Of(jobs[index]), index);
            Order.Add(jobs[index].CreateTime?.UtcTicks);
        }
    }

    public long Offset { get; }

    /// <summary>The position after the last job.</summary>
    public long End { get; }

    public bool IsLast { get; }

    public bool IsEmpty => End == Offset;

    public ListOrder Order { get; } = new();

    /// <summary>The position of a job; null when it is not on this page.</summary>
    public long? PositionOf(JobKey key) => _indexes.TryGetValue(key, out int index) ? Offset + index : null;

    /// <summary>Whether a job created at a time can be neither at <see cref="Offset"/> nor before it.</summary>
    /// <param name="time">The creation time, in ticks.</param>
    /// <param name="disorder">The maximum time by which a job of the list is newer than a job before it, in ticks.</param>
    public bool StartsNewerThan(long time, long disorder) => Offset == 0 || (!IsEmpty && Order.Newest - disorder > time);

    /// <summary>Whether a job created at a time can be neither at <see cref="End"/> nor after it.</summary>
    public bool EndsOlderThan(long time, long disorder) => IsLast || Order.Oldest + disorder < time;
}
