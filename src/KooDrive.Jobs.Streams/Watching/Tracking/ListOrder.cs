namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>Measures how well jobs, in the order of the list, are sorted by creation time, newest first.</summary>
internal sealed class ListOrder
{
    private bool _lacksTimes;

    /// <summary>The newest creation time, in ticks; <see cref="long.MinValue"/> before the first job.</summary>
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>The oldest creation time, in ticks; <see cref="long.MaxValue"/> before the first job.</summary>
    public long Oldest { get; private set; } = long.MaxValue;

    /// <summary>
    /// The maximum time by which a job is newer than a job before it, in ticks; 0 when the list is sorted. It is not 0 on a server that sorts by insertion and
    /// whose machines have different clocks.
    /// </summary>
    public long Disorder { get; private set; }

    /// <summary>Adds the next job of the list.</summary>
    public void Add(long? time)
    {
        if (time is not { } ticks)
        {
            _lacksTimes = true;
            return;
        }

        Disorder = Math.Max(Disorder, ticks - Math.Min(ticks, Oldest));
        Newest = Math.Max(Newest, ticks);
        Oldest = Math.Min(Oldest, ticks);
    }

    /// <summary>Whether every job has a creation time and the disorder is less than a limit.</summary>
    public bool IsByTime(long limit) => !_lacksTimes && Disorder < limit;
}
