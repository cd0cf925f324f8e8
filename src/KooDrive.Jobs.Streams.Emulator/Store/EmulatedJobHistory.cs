namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>What happened to the jobs of a store, in order, since <see cref="EmulatedJobStore.RecordChanges"/>. Thread safe.</summary>
public sealed class EmulatedJobHistory
{
    private readonly Lock _lock = new();
    private readonly Queue<EmulatedJobChange> _changes = new();
    private readonly int _capacity;
    private long _dropped;

    internal EmulatedJobHistory(int capacity) => _capacity = capacity;

    /// <summary>How many changes were forgotten, oldest first, because the history was full.</summary>
    public long Dropped
    {
        get
        {
            lock (_lock)
            {
                return _dropped;
            }
        }
    }

    /// <summary>A copy of the changes so far, oldest first.</summary>
    public IReadOnlyList<EmulatedJobChange> Snapshot()
    {
        lock (_lock)
        {
            return [.. _changes];
        }
    }

    internal void Record(EmulatedJobChange change)
    {
        lock (_lock)
        {
            if (_changes.Count == _capacity)
            {
                _changes.Dequeue();
                _dropped++;
            }

            _changes.Enqueue(change);
        }
    }
}
