using System.Reactive.Disposables;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Serves one observer: one event at a time, on the watch's scheduler.</summary>
internal sealed class ObserverDrain<T> : IDisposable
    where T : JobEvent
{
    private readonly ISubscriberHost _host;
    private readonly IObserver<T> _observer;

    public ObserverDrain(ISubscriberHost host, IObserver<T> observer, Func<T, bool>? wants)
    {
        _host = host;
        _observer = observer;
        Subscriber = new Subscriber(next => next is T wanted && (wants?.Invoke(wanted) ?? wanted is not JobSought), Wake);
    }

    public Subscriber Subscriber { get; }

    public void Dispose() => _host.Leave(Subscriber);

    private void Wake(bool atOnce)
    {
        if (atOnce)
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
        if (!_host.Hub.TryEnter(Subscriber))
        {
            return;
        }

        try
        {
            using (_host.EnterHandler())
            {
                Serve();
            }
        }
        catch (Exception error)
        {
            // Whatever an observer throws ends it alone.
            _host.Drop(Subscriber, error);
        }
        finally
        {
            _host.Hub.Leave();
        }
    }

    private void Serve()
    {
        while (true)
        {
            switch (_host.Hub.Take(Subscriber))
            {
                case ({ } next, _):
                    _observer.OnNext((T)next);
                    break;
                case (_, { Error: { } error }):
                    _observer.OnError(error);
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
