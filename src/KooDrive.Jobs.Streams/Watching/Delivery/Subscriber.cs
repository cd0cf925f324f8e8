namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The queue and the drain state of one subscriber. The state belongs to the lock of the <see cref="EventHub"/>.</summary>
/// <param name="accepts">Whether the subscriber receives an event.</param>
/// <param name="drain">
/// Called, with no lock held, to schedule a drain of the queue. The argument says whether to drain immediately on this thread, because the hub has closed.
/// </param>
internal sealed class Subscriber(Func<JobEvent, bool> accepts, Action<bool> drain)
{
    private const int MaxIdleCapacity = 16;

    private readonly Queue<JobEvent> _queue = [];

    // The number of events at the front of the queue that do not count, because the queue was empty before: a poll of any size does not make a subscriber slow.
    private int _exemptCount;

    /// <summary>The drain state.</summary>
    public DrainState State { get; set; }

    /// <summary>Whether the subscriber has the snapshot, so that it needs only the later events.</summary>
    public bool IsCurrent { get; set; }

    /// <summary>The number of events dropped since the queue overflowed. Events are dropped until the queue is empty.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>The end of the events; null before the end and after an unsubscription.</summary>
    public SubscriberEnd? End { get; private set; }

    /// <summary>Changes the state from idle to scheduled if there is something to deliver.</summary>
    /// <returns>Whether the caller must schedule the drain.</returns>
    public bool TryScheduleDrain()
    {
        if (State is not DrainState.Idle || (_queue.Count == 0 && End is null))
        {
            return false;
        }

        State = DrainState.Scheduled;
        return true;
    }

    public void Drain(bool immediately) => drain(immediately);

    public JobEvent? Dequeue()
    {
        if (_queue.TryDequeue(out JobEvent? next))
        {
            _exemptCount = Math.Max(0, _exemptCount - 1);
            return next;
        }

        // An initial snapshot can be as long as the list.
        if (_queue.EnsureCapacity(0) > MaxIdleCapacity)
        {
            _queue.TrimExcess();
        }

        return null;
    }

    /// <summary>Queues events, or drops all of them when the queue would exceed the capacity.</summary>
    /// <returns>Whether the queue overflowed with these events.</returns>
    public bool Offer(IReadOnlyList<JobEvent> events, int capacity)
    {
        bool wasOverflowing = DroppedCount > 0;
        if (!wasOverflowing && _queue.Count == 0)
        {
            Enqueue(events);
            return false;
        }

        int accepted = events.Count(accepts);
        if (!wasOverflowing && _queue.Count - _exemptCount + accepted <= capacity)
        {
            Enqueue(events);
            return false;
        }

        DroppedCount += accepted;
        return !wasOverflowing && DroppedCount > 0;
    }

    /// <summary>Queues the snapshot, after a gap if events were dropped.</summary>
    public void ReplaySnapshot(RetainedJobs retained)
    {
        Enqueue(DroppedCount == 0 ? retained.Events() : retained.Events().Prepend(new WatchGap
        {
            Reason = WatchGapReason.SlowSubscriber,
            Message = $"The buffer of this subscriber was full, and {DroppedCount} events were dropped. The current snapshot follows. "
                + "Process events faster, or increase SubscriberBufferCapacity.",
            Poll = retained.Poll,
            ObservedAt = retained.ObservedAt,
        }));
        DroppedCount = 0;
        IsCurrent = true;
    }

    /// <summary>Ends the events.</summary>
    /// <param name="end">The end.</param>
    /// <param name="immediately">Whether to discard the queued events.</param>
    public void Finish(SubscriberEnd end, bool immediately)
    {
        if (immediately)
        {
            _queue.Clear();
        }

        End = end;
    }

    /// <summary>Discards the queued events and the end.</summary>
    public void Unsubscribe()
    {
        _queue.Clear();
        DroppedCount = 0;
        End = null;
    }

    private void Enqueue(IEnumerable<JobEvent> events)
    {
        bool wasEmpty = _queue.Count == 0;
        foreach (JobEvent next in events)
        {
            if (accepts(next))
            {
                _queue.Enqueue(next);
            }
        }

        if (wasEmpty)
        {
            _exemptCount = _queue.Count;
        }
    }
}

/// <summary>The end of the events of a subscriber.</summary>
/// <param name="Exception">The exception that ended the watch; null when the watch was disposed.</param>
internal sealed record SubscriberEnd(Exception? Exception);

/// <summary>The state of the drain of a queue.</summary>
internal enum DrainState
{
    /// <summary>No drain is scheduled; the next event schedules it.</summary>
    Idle,

    /// <summary>A drain is scheduled.</summary>
    Scheduled,

    /// <summary>A drain runs until the queue is empty.</summary>
    Draining,
}

/// <summary>The retained jobs after a completed poll, which are replayed to late subscribers and after an overflow.</summary>
internal sealed record RetainedJobs(IReadOnlyList<Job> Jobs, long Poll, DateTimeOffset ObservedAt)
{
    public IEnumerable<JobEvent> Events()
    {
        foreach (Job job in Jobs)
        {
            yield return new JobListed { Job = job, Poll = Poll, ObservedAt = ObservedAt };
        }

        yield return new WatchSynced { Poll = Poll, ObservedAt = ObservedAt };
    }
}
