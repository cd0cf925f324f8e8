using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams;

/// <summary>The services of a <see cref="JobWatch"/>, which configuration cannot bind. Immutable.</summary>
public sealed class JobWatchServices
{
    /// <summary>
    /// The clock of the watch, which also runs its delays and calls its observers. Default <see cref="DefaultScheduler.Instance"/>: timers and the thread pool.
    /// </summary>
    /// <remarks>
    /// The scheduler must not run an action before <c>Schedule</c> returns, as <see cref="ImmediateScheduler"/> does. Tests pass a virtual-time scheduler.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IScheduler Scheduler
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = DefaultScheduler.Instance;

    /// <summary>
    /// Decides which errors of a poll end the watch with <c>OnError</c>. Null (the default) means non-transient errors, subject to
    /// <see cref="JobWatchOptions.FatalErrorGracePeriod"/>.
    /// </summary>
    /// <remarks>
    /// An error for which the function returns true ends the watch immediately. After every other error, the watch polls again, regardless of how long the errors
    /// persist. If the function throws, the error of the poll ends the watch. By default, every error is non-transient except a
    /// <see cref="JobsException"/> whose <see cref="JobsException.IsTransient"/> is true. The function is called on any thread, but not concurrently.
    /// </remarks>
    public Func<Exception, bool>? IsFatal { get; init; }
}
