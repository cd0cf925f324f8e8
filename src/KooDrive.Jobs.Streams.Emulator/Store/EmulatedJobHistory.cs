namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The changes of a store since <see cref="EmulatedJobStore.RecordChanges"/> was called, in order. Thread-safe.</summary>
public sealed class EmulatedJobHistory
{
    private readonly Lock _lock = new();
    private readonly Queue<EmulatedJobChange> _changes = new();
    private readonly int _capacity;
    private long _dropped;

    internal EmulatedJobHistory(int capacity) => _capacity = capacity;

    /// <summary>The number of changes that were dropped, oldest first, because the history was full.</summary>
    public long DroppedCount
    {
        get
        {
            lock (_lock)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Returns a copy of the retained changes, oldest first.</summary>
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
