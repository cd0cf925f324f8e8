namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The retained finished jobs, in the order in which they were first observed as finished.</summary>
/// <remarks>The jobs themselves are the nodes of the list, because a watch of a small account consists mostly of retained jobs.</remarks>
internal sealed class FinishedJobs
{
    private readonly Dictionary<JobKey, TrackedJob> _jobs = [];
    private TrackedJob? _newest;

    public int Count => _jobs.Count;

    public TrackedJob? Oldest { get; private set; }

    public IEnumerable<JobKey> Keys => _jobs.Keys;

    public IEnumerable<TrackedJob> InOrder
    {
        get
        {
            for (TrackedJob? tracked = Oldest; tracked is not null; tracked = tracked.NextFinished)
            {
                yield return tracked;
            }
        }
    }

    public bool Contains(JobKey key) => _jobs.ContainsKey(key);

    public TrackedJob? Find(JobKey key) => _jobs.GetValueOrDefault(key);

    /// <summary>Adds a job as the newest, in place of another job with the same key.</summary>
    public void Add(JobKey key, TrackedJob tracked)
    {
        if (Find(key) == tracked)
        {
            return;
        }

        Remove(key);
        _jobs.Add(key, tracked);
        tracked.PreviousFinished = _newest;
        Oldest ??= tracked;
        _newest?.NextFinished = tracked;
        _newest = tracked;
    }

    public void Remove(JobKey key)
    {
        if (!_jobs.Remove(key, out TrackedJob? tracked))
        {
            return;
        }

        (TrackedJob? previous, TrackedJob? next) = (tracked.PreviousFinished, tracked.NextFinished);
        previous?.NextFinished = next;
        next?.PreviousFinished = previous;
        Oldest = Oldest == tracked ? next : Oldest;
        _newest = _newest == tracked ? previous : _newest;
        (tracked.PreviousFinished, tracked.NextFinished) = (null, null);
    }

    /// <summary>Releases unused capacity.</summary>
    public void TrimExcess() => _jobs.TrimExcess();
}
