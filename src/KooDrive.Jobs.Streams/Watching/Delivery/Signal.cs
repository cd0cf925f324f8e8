using System.Threading.Tasks.Sources;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>
/// A signal for one waiter that fires once. The waiter resumes inside <see cref="Fire"/>, on the same thread regardless of its synchronization context, so that
/// a virtual clock advances only after the continuation.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private int _fired;

    public bool HasFired => Volatile.Read(ref _fired) != 0;

    public ValueTask WaitAsync() => new(this, _core.Version);

    public void Fire()
    {
        if (Interlocked.Exchange(ref _fired, 1) == 0)
        {
            _core.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
