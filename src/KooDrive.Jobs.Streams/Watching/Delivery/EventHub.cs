using System.Collections.Immutable;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>
/// The one place where events are handed to subscribers. Each has a bounded queue of its own; who has taken the last event of it is woken for
/// the next. No subscriber's code runs under the lock.
/// </summary>
/// <param name="capacity">The most events that wait for one subscriber behind those that it is busy with.</param>
/// <param name="overflowed">Called, with no lock held, when subscribers have overflowed.</param>
internal sealed class EventHub(int capacity, Action overflowed)
{
    private readonly Lock _gate = new();
    private ImmutableArray<Subscriber> _subscribers = [];
    private RetainedJobs? _retained;
    private bool _hasFirstPicture;
    private bool _isClosed;
    private int _taking;
    private TaskCompletionSource? _quiet;

    public bool IsDeserted
    {
        get
        {
            lock (_gate)
            {
                return _subscribers.IsEmpty;
            }
        }
    }

    /// <summary>Adds a subscriber. It gets the present state first, as soon as that is known.</summary>
    /// <param name="subscriber">The subscriber.</param>
    /// <param name="isCurrent">Whether it needs no state first, because it knows it.</param>
    public void Add(Subscriber subscriber, bool isCurrent = false)
    {
        bool atOnce;
        bool wake;
        lock (_gate)
        {
            atOnce = _isClosed;
            subscriber.IsCurrent = isCurrent;
            if (_isClosed)
            {
                subscriber.Finish(new SubscriberEnd(null), atOnce: true);
            }
            else
            {
                _subscribers = _subscribers.Add(subscriber);
                if (!isCurrent && _retained is { } retained)
                {
                    subscriber.CatchUp(retained);
                }
            }

            wake = subscriber.MustWake();
        }

        if (wake)
        {
            subscriber.Wake(atOnce);
        }
    }

    /// <summary>A subscriber leaves by itself. It gets nothing any more, not even an end.</summary>
    public void Remove(Subscriber subscriber)
    {
        lock (_gate)
        {
            _subscribers = _subscribers.Remove(subscriber);
            subscriber.Leave();
        }
    }

    /// <summary>What a completed poll found, in order of delivery, and the state after it.</summary>
    public void Publish(IReadOnlyList<JobEvent> events, PollCompleted completed, RetainedJobs retained)
    {
        IReadOnlyList<JobEvent> all = [.. events, completed];
        var overflow = false;
        ImmutableArray<Subscriber> woken;
        lock (_gate)
        {
            // Who was there before the first picture gets all of it, which can be more than is retained.
            var isFirstPicture = !_hasFirstPicture && events.Any(next => next is WatchSynced);
            _hasFirstPicture = true;
            _retained = retained;
            foreach (var subscriber in _subscribers)
            {
                if (subscriber.IsCurrent || isFirstPicture)
                {
                    subscriber.IsCurrent = true;
                    overflow |= subscriber.Offer(all, capacity);
                }
                else
                {
                    subscriber.CatchUp(retained);
                    overflow |= subscriber.Offer([completed], capacity);
                }
            }

            woken = [.. _subscribers.Where(subscriber => subscriber.MustWake())];
        }

        Wake(woken, atOnce: false);
        if (overflow)
        {
            overflowed();
        }
    }

    /// <summary>What is published first will be no whole picture, because what went before is known from a checkpoint.</summary>
    public void SkipFirstPicture()
    {
        lock (_gate)
        {
            _hasFirstPicture = true;
        }
    }

    /// <summary>Events that need no state before them.</summary>
    public void Tell(params IReadOnlyList<JobEvent> events)
    {
        var overflow = false;
        ImmutableArray<Subscriber> woken;
        lock (_gate)
        {
            foreach (var subscriber in _subscribers)
            {
                overflow |= subscriber.Offer(events, capacity);
            }

            woken = [.. _subscribers.Where(subscriber => subscriber.MustWake())];
        }

        Wake(woken, atOnce: false);
        if (overflow)
        {
            overflowed();
        }
    }

    /// <summary>Ends every subscriber that is there now.</summary>
    /// <param name="error">What it is told.</param>
    /// <param name="atOnce">Whether on this thread, and without what it has not taken yet.</param>
    public void Fail(Exception error, bool atOnce = false) => EndAll(new SubscriberEnd(error), atOnce);

    /// <summary>Ends every subscriber at once, and those that come later too.</summary>
    /// <returns>Completes when no subscriber's code runs any more.</returns>
    public Task Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        EndAll(new SubscriberEnd(null), atOnce: true);
        lock (_gate)
        {
            return _taking == 0
                ? Task.CompletedTask
                : (_quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Forgets the state if nobody is there: it will be out of date when somebody comes.</summary>
    public bool TryRest()
    {
        lock (_gate)
        {
            if (_subscribers.IsEmpty)
            {
                _retained = null;
            }

            return _subscribers.IsEmpty;
        }
    }

    /// <summary>Claims the right to take a woken subscriber's events. Whoever gets it calls <see cref="Leave"/> in the end.</summary>
    public bool TryEnter(Subscriber subscriber)
    {
        lock (_gate)
        {
            if (subscriber.Turn is not SubscriberTurn.Woken)
            {
                return false;
            }

            subscriber.Turn = SubscriberTurn.Taking;
            _taking++;
            return true;
        }
    }

    /// <summary>No code of the subscriber runs any more.</summary>
    public void Leave()
    {
        TaskCompletionSource? quiet;
        lock (_gate)
        {
            quiet = --_taking == 0 ? _quiet : null;
        }

        quiet?.TrySetResult();
    }

    /// <summary>The next event, or how it ended, or neither: then the subscriber will be woken, unless it has left.</summary>
    /// <param name="subscriber">Who takes.</param>
    /// <param name="enters">Whether taking an event claims the right to deal with it. Whoever does calls <see cref="Leave"/> in the end.</param>
    public (JobEvent? Next, SubscriberEnd? End) Take(Subscriber subscriber, bool enters = false)
    {
        lock (_gate)
        {
            var next = subscriber.Dequeue();
            if (next is null && subscriber.LeftOut > 0 && _retained is { } retained)
            {
                subscriber.CatchUp(retained);
                next = subscriber.Dequeue();
            }

            if (next is null && subscriber.End is null)
            {
                subscriber.Turn = SubscriberTurn.Waiting;
            }

            if (next is not null && enters)
            {
                _taking++;
            }

            return (next, next is null ? subscriber.End : null);
        }
    }

    private void EndAll(SubscriberEnd end, bool atOnce)
    {
        ImmutableArray<Subscriber> woken;
        lock (_gate)
        {
            var ended = _subscribers;
            _subscribers = [];
            _retained = null;
            foreach (var subscriber in ended)
            {
                subscriber.Finish(end, atOnce);
            }

            // At once, those that were woken but have not begun are woken again: what was to run them may never come.
            woken = [.. ended.Where(subscriber => subscriber.MustWake() || (atOnce && subscriber.Turn is SubscriberTurn.Woken))];
        }

        Wake(woken, atOnce);
    }

    private static void Wake(ImmutableArray<Subscriber> woken, bool atOnce)
    {
        foreach (var subscriber in woken)
        {
            subscriber.Wake(atOnce);
        }
    }
}
