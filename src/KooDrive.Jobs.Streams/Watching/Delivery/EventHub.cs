using System.Collections.Immutable;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>
/// Distributes events to subscribers. Each subscriber has a bounded queue; a drain is scheduled when the queue is no longer empty. No code of a subscriber runs
/// under the lock.
/// </summary>
/// <param name="capacity">The maximum number of queued events of a subscriber, not counting events that were queued when the queue was empty.</param>
/// <param name="overflowed">Called, with no lock held, when queues of subscribers have overflowed.</param>
internal sealed class EventHub(int capacity, Action overflowed)
{
    private readonly Lock _lock = new();
    private ImmutableArray<Subscriber> _subscribers = [];
    private RetainedJobs? _retained;
    private bool _hasInitialSnapshot;
    private bool _isClosed;
    private int _activeDrainCount;
    private TaskCompletionSource? _drained;

    public bool HasNoSubscribers
    {
        get
        {
            lock (_lock)
            {
                return _subscribers.IsEmpty;
            }
        }
    }

    /// <summary>Adds a subscriber, which first receives the current snapshot as soon as there is one.</summary>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="isCurrent">Whether the subscriber needs no snapshot.</param>
    public void Add(Subscriber subscriber, bool isCurrent = false)
    {
        bool immediately;
        bool mustDrain;
        lock (_lock)
        {
            immediately = _isClosed;
            subscriber.IsCurrent = isCurrent;
            if (_isClosed)
            {
                subscriber.Finish(new SubscriberEnd(null), immediately: true);
            }
            else
            {
                _subscribers = _subscribers.Add(subscriber);
                if (!isCurrent && _retained is { } retained)
                {
                    subscriber.ReplaySnapshot(retained);
                }
            }

            mustDrain = subscriber.TryScheduleDrain();
        }

        if (mustDrain)
        {
            subscriber.Drain(immediately);
        }
    }

    /// <summary>Removes a subscriber, which receives nothing more, not even the end.</summary>
    public void Remove(Subscriber subscriber)
    {
        lock (_lock)
        {
            _subscribers = _subscribers.Remove(subscriber);
            subscriber.Unsubscribe();
        }
    }

    /// <summary>Publishes the events of a completed poll, in order of delivery, and keeps the snapshot after it.</summary>
    public void Publish(IReadOnlyList<JobEvent> events, PollCompleted completed, RetainedJobs retained)
    {
        JobEvent[] all = [.. events, completed];
        bool overflow = false;
        ImmutableArray<Subscriber> scheduled;
        lock (_lock)
        {
            // A subscriber before the initial snapshot receives all of it, which can be more than the retained jobs.
            bool isInitialSnapshot = !_hasInitialSnapshot && events.Any(next => next is WatchSynced);
            _hasInitialSnapshot = true;
            _retained = retained;
            foreach (Subscriber subscriber in _subscribers)
            {
                if (subscriber.IsCurrent || isInitialSnapshot)
                {
                    subscriber.IsCurrent = true;
                    overflow |= subscriber.Offer(all, capacity);
                }
                else
                {
                    subscriber.ReplaySnapshot(retained);
                    overflow |= subscriber.Offer([completed], capacity);
                }
            }

            scheduled = [.. _subscribers.Where(subscriber => subscriber.TryScheduleDrain())];
        }

        Drain(scheduled, immediately: false);
        if (overflow)
        {
            overflowed();
        }
    }

    /// <summary>Declares that the first published events are not a whole snapshot, because the watch starts from a checkpoint.</summary>
    public void SkipInitialSnapshot()
    {
        lock (_lock)
        {
            _hasInitialSnapshot = true;
        }
    }

    /// <summary>Publishes events to every subscriber, also before the snapshot.</summary>
    public void Broadcast(params IReadOnlyList<JobEvent> events)
    {
        bool overflow = false;
        ImmutableArray<Subscriber> scheduled;
        lock (_lock)
        {
            foreach (Subscriber subscriber in _subscribers)
            {
                overflow |= subscriber.Offer(events, capacity);
            }

            scheduled = [.. _subscribers.Where(subscriber => subscriber.TryScheduleDrain())];
        }

        Drain(scheduled, immediately: false);
        if (overflow)
        {
            overflowed();
        }
    }

    /// <summary>Ends every current subscriber with an error.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="immediately">Whether to end on this thread and discard the queued events.</param>
    public void Fail(Exception exception, bool immediately = false) => EndAll(new SubscriberEnd(exception), immediately);

    /// <summary>Ends every current and later subscriber immediately.</summary>
    /// <returns>Completes when no code of a subscriber runs.</returns>
    public Task Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        EndAll(new SubscriberEnd(null), immediately: true);
        lock (_lock)
        {
            return _activeDrainCount == 0
                ? Task.CompletedTask
                : (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Discards the snapshot, which would be out of date for the next subscriber, if there are no subscribers.</summary>
    /// <returns>Whether there are no subscribers.</returns>
    public bool TryBecomeIdle()
    {
        lock (_lock)
        {
            if (_subscribers.IsEmpty)
            {
                _retained = null;
            }

            return _subscribers.IsEmpty;
        }
    }

    /// <summary>Starts a scheduled drain. The caller calls <see cref="EndDrain"/> after a return of true.</summary>
    public bool TryBeginDrain(Subscriber subscriber)
    {
        lock (_lock)
        {
            if (subscriber.State is not DrainState.Scheduled)
            {
                return false;
            }

            subscriber.State = DrainState.Draining;
            _activeDrainCount++;
            return true;
        }
    }

    /// <summary>Records that the code of a subscriber has returned.</summary>
    public void EndDrain()
    {
        TaskCompletionSource? drained;
        lock (_lock)
        {
            drained = --_activeDrainCount == 0 ? _drained : null;
        }

        drained?.TrySetResult();
    }

    /// <summary>Returns the next event or the end. When the queue is empty, returns neither, and a later event schedules a drain.</summary>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="isDrain">Whether the caller processes a returned event as a drain of its own and calls <see cref="EndDrain"/> afterwards.</param>
    public (JobEvent? Next, SubscriberEnd? End) Take(Subscriber subscriber, bool isDrain = false)
    {
        lock (_lock)
        {
            JobEvent? next = subscriber.Dequeue();
            if (next is null && subscriber.DroppedCount > 0 && _retained is { } retained)
            {
                subscriber.ReplaySnapshot(retained);
                next = subscriber.Dequeue();
            }

            if (next is null && subscriber.End is null)
            {
                subscriber.State = DrainState.Idle;
            }

            if (next is not null && isDrain)
            {
                _activeDrainCount++;
            }

            return (next, next is null ? subscriber.End : null);
        }
    }

    private void EndAll(SubscriberEnd end, bool immediately)
    {
        ImmutableArray<Subscriber> scheduled;
        lock (_lock)
        {
            ImmutableArray<Subscriber> ended = _subscribers;
            _subscribers = [];
            _retained = null;
            foreach (Subscriber subscriber in ended)
            {
                subscriber.Finish(end, immediately);
            }

            // A scheduled drain may never run after the end of the scheduler, so it runs here.
            scheduled = [.. ended.Where(subscriber => subscriber.TryScheduleDrain() || (immediately && subscriber.State is DrainState.Scheduled))];
        }

        Drain(scheduled, immediately);
    }

    private static void Drain(ImmutableArray<Subscriber> scheduled, bool immediately)
    {
        foreach (Subscriber subscriber in scheduled)
        {
            subscriber.Drain(immediately);
        }
    }
}
