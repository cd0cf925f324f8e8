namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>One subscriber's queue and how far it has come. Its state belongs to the lock of the <see cref="EventHub"/>.</summary>
/// <param name="wants">Which events it gets.</param>
/// <param name="wake">
/// Called, with no lock held, when there is something to take and nobody is taking. The argument says whether to take it at once, on this
/// thread, because the hub has closed.
/// </param>
internal sealed class Subscriber(Func<JobEvent, bool> wants, Action<bool> wake)
{
    private readonly Queue<JobEvent> _queue = [];

    // How many at the front of the queue came when it was empty. They do not count: who was not behind must not be told that it is slow,
    // however much one poll finds.
    private int _atOnce;

    /// <summary>Whose turn it is.</summary>
    public SubscriberTurn Turn { get; set; }

    /// <summary>Whether it knows the present state, so that what happens next is all it needs.</summary>
    public bool IsCurrent { get; set; }

    /// <summary>How many events were left out because its queue was full. All are, until it has emptied that.</summary>
    public long LeftOut { get; private set; }

    /// <summary>How it ended; null before, and when it left by itself.</summary>
    public SubscriberEnd? End { get; private set; }

    /// <summary>Gives it the turn if it waits and there is something for it; then it must be woken.</summary>
    public bool MustWake()
    {
        if (Turn is not SubscriberTurn.Waiting || (_queue.Count == 0 && End is null))
        {
            return false;
        }

        Turn = SubscriberTurn.Woken;
        return true;
    }

    public void Wake(bool atOnce) => wake(atOnce);

    public JobEvent? Dequeue()
    {
        if (_queue.TryDequeue(out var next))
        {
            _atOnce = Math.Max(0, _atOnce - 1);
            return next;
        }

        // A first picture can be as long as the list.
        if (_queue.EnsureCapacity(0) > 1_024)
        {
            _queue.TrimExcess();
        }

        return null;
    }

    /// <summary>Takes all of them, unless it is behind and too many would wait.</summary>
    /// <returns>Whether it overflowed with these.</returns>
    public bool Offer(IReadOnlyList<JobEvent> events, int capacity)
    {
        var wasBehind = LeftOut > 0;
        if (!wasBehind && _queue.Count == 0)
        {
            Enqueue(events);
            return false;
        }

        var wanted = events.Count(wants);
        if (!wasBehind && _queue.Count - _atOnce + wanted <= capacity)
        {
            Enqueue(events);
            return false;
        }

        LeftOut += wanted;
        return !wasBehind && LeftOut > 0;
    }

    /// <summary>Brings it up to the present: that it missed something, if it did, and then the state.</summary>
    public void CatchUp(RetainedJobs retained)
    {
        Enqueue(LeftOut == 0 ? retained.Events() : retained.Events().Prepend(new WatchGap
        {
            Reason = WatchGapReason.SlowSubscriber,
            Message = $"This subscriber's buffer was full: {LeftOut} events were left out. The present state follows.",
            Poll = retained.Poll,
            ObservedAt = retained.ObservedAt,
        }));
        LeftOut = 0;
        IsCurrent = true;
    }

    /// <summary>Nothing comes any more.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="atOnce">Whether what it has not taken yet is left out.</param>
    public void Finish(SubscriberEnd end, bool atOnce)
    {
        if (atOnce)
        {
            _queue.Clear();
        }

        End = end;
    }

    /// <summary>Nothing comes any more, and nobody is to be told so.</summary>
    public void Leave()
    {
        _queue.Clear();
        LeftOut = 0;
        End = null;
    }

    private void Enqueue(IEnumerable<JobEvent> events)
    {
        var wasEmpty = _queue.Count == 0;
        foreach (var next in events.Where(wants))
        {
            _queue.Enqueue(next);
        }

        if (wasEmpty)
        {
            _atOnce = _queue.Count;
        }
    }
}
