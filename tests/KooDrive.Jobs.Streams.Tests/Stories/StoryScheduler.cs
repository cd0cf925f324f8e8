using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Threading.Channels;

namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>Virtual time for a watch whose polls go over real sockets: immediate work runs on the thread pool, and the test ends each wait.</summary>
internal sealed class StoryScheduler : IScheduler
{
    private readonly Channel<Action> _waits = Channel.CreateUnbounded<Action>();
    private long _now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public DateTimeOffset Now => new(Interlocked.Read(ref _now), TimeSpan.Zero);

    /// <summary>The next wait of the watch; a call ends the wait.</summary>
    public ValueTask<Action> NextWaitAsync(CancellationToken cancellationToken) => _waits.Reader.ReadAsync(cancellationToken);

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        var canceled = new SingleAssignmentDisposable();
        ThreadPool.QueueUserWorkItem(_ => Run(canceled, state, action));
        return canceled;
    }

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        if (dueTime <= TimeSpan.Zero)
        {
            return Schedule(state, action);
        }

        var canceled = new SingleAssignmentDisposable();
        _waits.Writer.TryWrite(() =>
        {
            Interlocked.Add(ref _now, dueTime.Ticks);
            Run(canceled, state, action);
        });
        return canceled;
    }

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    private void Run<TState>(SingleAssignmentDisposable canceled, TState state, Func<IScheduler, TState, IDisposable> action)
    {
        if (!canceled.IsDisposed)
        {
            canceled.Disposable = action(this, state);
        }
    }
}
