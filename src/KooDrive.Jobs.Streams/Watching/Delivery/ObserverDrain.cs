using System.Reactive.Disposables;

namespace KooDrive.Jobs.Streams;

/// <summary>Serves one observer: one event at a time, on the watch's scheduler.</summary>
internal sealed class ObserverDrain<T> : IDisposable
    where T : JobEvent
{
    private readonly WatchEngine _engine;
    private readonly IObserver<T> _observer;

    public ObserverDrain(WatchEngine engine, IObserver<T> observer, Func<T, bool>? wants)
    {
        _engine = engine;
        _observer = observer;
        Subscriber = new Subscriber(next => next is T wanted && (wants?.Invoke(wanted) ?? wanted is not JobSought), Wake);
    }

    public Subscriber Subscriber { get; }

    public void Dispose() => _engine.Leave(Subscriber);

    private void Wake(bool atOnce)
    {
        if (atOnce)
        {
            Drain();
        }
        else
        {
            _engine.Scheduler.Schedule(this, static (_, drain) =>
            {
                drain.Drain();
                return Disposable.Empty;
            });
        }
    }

    private void Drain()
    {
        if (!_engine.Hub.TryEnter(Subscriber))
        {
            return;
        }

        try
        {
            using (_engine.EnterHandler())
            {
                Serve();
            }
        }
        catch (Exception error)
        {
            // Whatever an observer throws ends it alone.
            _engine.Drop(Subscriber, error);
        }
        finally
        {
            _engine.Hub.Leave();
        }
    }

    private void Serve()
    {
        while (true)
        {
            switch (_engine.Hub.Take(Subscriber))
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
