using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>A subscriber that takes its events when it is ready for them.</summary>
internal sealed class EventInbox
{
    private readonly IScheduler _scheduler;
    private Signal _news = new();

    public EventInbox(IScheduler scheduler)
    {
        _scheduler = scheduler;
        Subscriber = new Subscriber(next => next is not JobSought, Wake);
    }

    public Subscriber Subscriber { get; }

    /// <summary>What to wait for if there is nothing to take. Got before looking, so that what comes in between is not missed.</summary>
    public Signal News => _news.HasFired ? _news = new Signal() : _news;

    // On the scheduler, because the reader goes on inside; at the end, when the scheduler may call nobody any more, on the pool, and not inside
    // whatever ended the watch.
    private void Wake(bool atOnce)
    {
        if (atOnce)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static news => news.Fire(), _news, preferLocal: false);
        }
        else
        {
            _scheduler.Schedule(_news.Fire);
        }
    }
}
