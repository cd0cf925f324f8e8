using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>A wait that a timer of the scheduler, <see cref="End"/> or a cancellation ends, whichever comes first.</summary>
internal sealed class PollWait : IDisposable
{
    private readonly Signal _signal = new();
    private readonly CancellationTokenRegistration _canceled;
    private readonly IDisposable _timer;

    public PollWait(IScheduler scheduler, TimeSpan delay, CancellationToken cancellationToken)
    {
        _canceled = cancellationToken.UnsafeRegister(static signal => ((Signal)signal!).Fire(), _signal);
        _timer = scheduler.Schedule(_signal, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, static (_, signal) =>
        {
            signal.Fire();
            return Disposable.Empty;
        });
    }

    public ValueTask Ended => _signal.WaitAsync();

    public void End() => _signal.Fire();

    public void Dispose()
    {
        _timer.Dispose();
        _canceled.Dispose();
    }
}
