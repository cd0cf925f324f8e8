using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The watch as its subscribers see it.</summary>
internal interface ISubscriberHost
{
    /// <summary>The hub that has their events.</summary>
    public EventHub Hub { get; }

    /// <summary>The scheduler that observers are called on.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>Marks the code that runs until the result is disposed, and the code that it calls, as an observer's.</summary>
    public HandlerScope EnterHandler();

    /// <summary>Removes a subscriber.</summary>
    public void Leave(Subscriber subscriber);

    /// <summary>Removes a subscriber whose observer threw, and reports the exception.</summary>
    public void Drop(Subscriber subscriber, Exception error);
}
