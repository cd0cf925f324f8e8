namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>Collects the events of one poll in any order and returns the gaps first, then the snapshot if there is one, then the changes.</summary>
internal sealed class PollEvents(long poll, DateTimeOffset observedAt)
{
    private static readonly Comparer<TrackedJob> ByAge = Comparer<TrackedJob>.Create(TrackedJob.CompareAge);

    private readonly List<WatchGap> _gaps = [];
    private readonly List<(TrackedJob Tracked, JobEvent Event)> _listed = [];
    private readonly List<(TrackedJob Tracked, JobEvent Event)> _changes = [];
    private bool _isSynced;

    public void Gap(WatchGapReason reason, string message) =>
        _gaps.Add(new WatchGap { Poll = poll, ObservedAt = observedAt, Reason = reason, Message = message });

    public void Synced() => _isSynced = true;

    public void Listed(TrackedJob tracked) =>
        _listed.Add((tracked, new JobListed { Poll = poll, ObservedAt = observedAt, Job = tracked.Job }));

    public void Added(TrackedJob tracked) =>
        _changes.Add((tracked, new JobAdded { Poll = poll, ObservedAt = observedAt, Job = tracked.Job }));

    public void Changed(TrackedJob tracked, Job? previous) =>
        _changes.Add((tracked, new JobChanged { Poll = poll, ObservedAt = observedAt, Job = tracked.Job, Previous = previous }));

    public void Vanished(TrackedJob tracked) =>
        _changes.Add((tracked, new JobVanished { Poll = poll, ObservedAt = observedAt, Job = tracked.Job, Previous = tracked.Job }));

    /// <summary>Returns the events in the order of delivery; in the snapshot and in the changes, oldest job first.</summary>
    public IReadOnlyList<JobEvent> InOrder()
    {
        var events = new List<JobEvent>(_gaps.Count + _listed.Count + 1 + _changes.Count);
        events.AddRange(_gaps);
        events.AddRange(OldestFirst(_listed));
        if (_isSynced)
        {
            events.Add(new WatchSynced { Poll = poll, ObservedAt = observedAt });
        }

        events.AddRange(OldestFirst(_changes));
        return events;
    }

    private static IEnumerable<JobEvent> OldestFirst(List<(TrackedJob Tracked, JobEvent Event)> events)
    {
        // Lists are read newest job first, so usually nothing has to be sorted.
        if (IsNewestFirst(events))
        {
            events.Reverse();
            return events.Select(entry => entry.Event);
        }

        return events.OrderBy(entry => entry.Tracked, ByAge).Select(entry => entry.Event);
    }

    private static bool IsNewestFirst(List<(TrackedJob Tracked, JobEvent Event)> events)
    {
        for (int index = 1; index < events.Count; index++)
        {
            if (TrackedJob.CompareAge(events[index - 1].Tracked, events[index].Tracked) <= 0)
            {
                return false;
            }
        }

        return true;
    }
}
