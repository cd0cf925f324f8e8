using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>
/// Virtual time whose wall clock can be set. As with the default scheduler, relative delays and stopwatches are monotonic; absolute times would follow the
/// wall clock, so a watch must not use them.
/// </summary>
internal sealed class JumpingClock(TestScheduler time) : IScheduler, IStopwatchProvider, IServiceProvider
{
    private int _timers;

    /// <summary>The time by which the wall clock is ahead of the virtual time.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The delays in progress: scheduled, not yet due, and not canceled.</summary>
    public int Timers => _timers;

    public DateTimeOffset Now => time.Now + Ahead;

    public IStopwatch StartStopwatch() => ((IStopwatchProvider)time).StartStopwatch();

    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? this : null;

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => time.Schedule(state, (_, value) => action(this, value));

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        Interlocked.Increment(ref _timers);
        int isOver = 0;
        return StableCompositeDisposable.Create(
            time.Schedule(state, dueTime, (_, value) =>
            {
                End();
                return action(this, value);
            }),
            Disposable.Create(End));

        void End()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                Interlocked.Decrement(ref _timers);
            }
        }
    }

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        throw new NotSupportedException("An absolute time follows the wall clock.");
}
