using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>A subscriber that pulls its events.</summary>
internal sealed class EventInbox
{
    private readonly IScheduler _scheduler;
    private Signal _nextArrival = new();

    public EventInbox(IScheduler scheduler)
    {
        _scheduler = scheduler;
        Subscriber = new Subscriber(next => next is not JobLookupResult, SignalArrival);
    }

    public Subscriber Subscriber { get; }

    /// <summary>The signal of the next event. Read it before an attempt to take an event, so that no event in between is missed.</summary>
    public Signal NextArrival => _nextArrival.HasFired ? _nextArrival = new Signal() : _nextArrival;

    // The reader resumes inside Fire: on the scheduler; at the end, when the scheduler may have stopped, on the thread pool.
    private void SignalArrival(bool immediately)
    {
        if (immediately)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static arrival => arrival.Fire(), _nextArrival, preferLocal: false);
        }
        else
        {
            _scheduler.Schedule(_nextArrival.Fire);
        }
    }
}
