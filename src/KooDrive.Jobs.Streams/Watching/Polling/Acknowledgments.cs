using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Makes the polls wait until a durable consumer has processed the events of the last poll.</summary>
internal sealed class Acknowledgments
{
    private readonly Lock _lock = new();
    private bool _isAwaited;
    private Signal? _pending;

    /// <summary>The signal for which the next poll waits; null when it does not wait.</summary>
    public Signal? Pending
    {
        get
        {
            lock (_lock)
            {
                return _pending;
            }
        }
    }

    /// <summary>Requires an acknowledgment of each completed poll.</summary>
    public void Require()
    {
        lock (_lock)
        {
            _isAwaited = true;
        }
    }

    /// <summary>Requires no more acknowledgments, and ends a wait.</summary>
    public void Waive()
    {
        lock (_lock)
        {
            _isAwaited = false;
        }

        Acknowledge();
    }

    /// <summary>Starts the wait for the acknowledgment of a poll, before its events are published.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _pending = _isAwaited ? new Signal() : null;
        }
    }

    /// <summary>Records that the events of the last poll were processed.</summary>
    public void Acknowledge()
    {
        Signal? pending;
        lock (_lock)
        {
            (pending, _pending) = (_pending, null);
        }

        pending?.Fire();
    }
}
