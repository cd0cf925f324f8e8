using System.Reactive.Disposables;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Delivers the events of a subscriber to its observer, one at a time, on the scheduler of the watch.</summary>
internal sealed class ObserverDrain<T> : IDisposable
    where T : JobEvent
{
    private readonly ISubscriberHost _host;
    private readonly IObserver<T> _observer;

    public ObserverDrain(ISubscriberHost host, IObserver<T> observer, Func<T, bool>? accepts)
    {
        _host = host;
        _observer = observer;
        Subscriber = new Subscriber(next => next is T accepted && (accepts?.Invoke(accepted) ?? accepted is not JobLookupResult), ScheduleDrain);
    }

    public Subscriber Subscriber { get; }

    public void Dispose() => _host.Unsubscribe(Subscriber);

    private void ScheduleDrain(bool immediately)
    {
        if (immediately)
        {
            Drain();
        }
        else
        {
            _host.Scheduler.Schedule(this, static (_, drain) =>
            {
                drain.Drain();
                return Disposable.Empty;
            });
        }
    }

    private void Drain()
    {
        if (!_host.Hub.TryBeginDrain(Subscriber))
        {
            return;
        }

        try
        {
            using (_host.EnterHandler())
            {
                DeliverEvents();
            }
        }
        catch (Exception exception)
        {
            // An observer may throw any exception, which must end this subscription alone.
            _host.Drop(Subscriber, exception);
        }
        finally
        {
            _host.Hub.EndDrain();
        }
    }

    private void DeliverEvents()
    {
        while (true)
        {
            switch (_host.Hub.Take(Subscriber))
            {
                case ({ } next, _):
                    _observer.OnNext((T)next);
                    break;
                case (_, { Exception: { } exception }):
                    _observer.OnError(exception);
                    return;
                case (_, { }):
                    _observer.OnCompleted();
                    return;
                default:
                    return;
            }
        }
    }
}
