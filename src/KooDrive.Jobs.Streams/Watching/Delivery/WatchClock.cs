using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The two clocks of a watch: the wall clock for timestamps, and a monotonic clock for everything else: delays, ages, and durations.</summary>
/// <remarks>A scheduler that provides no stopwatch (<see cref="IStopwatchProvider"/>) has only the wall clock. Safe for concurrent use.</remarks>
internal sealed class WatchClock(IScheduler scheduler)
{
    private readonly IStopwatch _stopwatch = scheduler.StartStopwatch();

    /// <summary>The wall clock, in UTC.</summary>
    public DateTimeOffset UtcNow => scheduler.Now.ToUniversalTime();

    /// <summary>The time since this clock was created. Changes of the wall clock do not affect it.</summary>
    public TimeSpan Elapsed => _stopwatch.Elapsed;
}
