using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The operations of a watch that its subscribers use.</summary>
internal interface ISubscriberHost
{
    /// <summary>The hub of the events.</summary>
    public EventHub Hub { get; }

    /// <summary>The scheduler on which observers are called.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>Marks the code that runs until the result is disposed, and the code that it calls, as the code of a subscriber.</summary>
    public HandlerScope EnterHandler();

    /// <summary>Removes a subscriber.</summary>
    public void Unsubscribe(Subscriber subscriber);

    /// <summary>Removes a subscriber whose observer threw, and reports the exception.</summary>
    public void Drop(Subscriber subscriber, Exception exception);
}

/// <summary>Marks the current execution context as running code of a subscriber until the scope is disposed.</summary>
internal readonly struct HandlerScope : IDisposable
{
    private readonly AsyncLocal<bool> _flag;
    private readonly bool _before;

    public HandlerScope(AsyncLocal<bool> flag)
    {
        _flag = flag;
        _before = flag.Value;
        flag.Value = true;
    }

    public void Dispose() => _flag.Value = _before;
}
