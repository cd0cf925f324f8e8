using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Lets the polls wait until a durable consumer has dealt with what the last one found.</summary>
internal sealed class Acknowledgements
{
    private readonly Lock _gate = new();
    private bool _isAwaited;
    private Signal? _pending;

    /// <summary>What the next poll waits for; null when it need not.</summary>
    public Signal? Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending;
            }
        }
    }

    /// <summary>From now on, each completed poll waits.</summary>
    public void Require()
    {
        lock (_gate)
        {
            _isAwaited = true;
        }
    }

    /// <summary>No poll waits any more.</summary>
    public void Waive()
    {
        lock (_gate)
        {
            _isAwaited = false;
        }

        Acknowledge();
    }

    /// <summary>A poll is about to be told.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _pending = _isAwaited ? new Signal() : null;
        }
    }

    /// <summary>What the last poll found has been dealt with.</summary>
    public void Acknowledge()
    {
        Signal? pending;
        lock (_gate)
        {
            (pending, _pending) = (_pending, null);
        }

        pending?.Fire();
    }
}
