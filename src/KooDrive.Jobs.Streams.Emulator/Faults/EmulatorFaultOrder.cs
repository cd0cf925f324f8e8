using KooDrive.Jobs.Streams.Emulator.Log;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A fault that was ordered: what, for which requests, and how often it happened. Thread safe.</summary>
public sealed class EmulatorFaultOrder
{
    private readonly Func<EmulatorRequest, bool> _isDue;
    private readonly AwaitableCount _consumed = new();
    private int _remaining;

    internal EmulatorFaultOrder(EmulatorFault fault, int times, Func<EmulatorRequest, bool> isDue)
    {
        Fault = fault;
        _remaining = times;
        _isDue = isDue;
    }

    /// <summary>What goes wrong.</summary>
    public EmulatorFault Fault { get; }

    /// <summary>How many requests it happened to.</summary>
    public long Consumed => _consumed.Value;

    /// <summary>How many requests it will still happen to; <see cref="int.MaxValue"/> when there is no end to it.</summary>
    public int Remaining => Volatile.Read(ref _remaining);

    /// <summary>Takes the order back: it happens to no further request.</summary>
    public void Cancel() => Interlocked.Exchange(ref _remaining, 0);

    /// <summary>
    /// Waits until <see cref="Consumed"/> has reached a number. The delay of a fault that has one is then running, so a test may
    /// advance its clock.
    /// </summary>
    /// <param name="count">The number; waiting for what has been reached ends at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForConsumedAsync(long count = 1, CancellationToken cancellationToken = default) =>
        _consumed.WaitForAsync(count, cancellationToken);

    internal bool IsDue(EmulatorRequest request) => _isDue(request);

    /// <summary>Takes one of those that remain.</summary>
    internal bool TryTake()
    {
        int remaining = Remaining;
        while (remaining is > 0 and < int.MaxValue)
        {
            int found = Interlocked.CompareExchange(ref _remaining, remaining - 1, remaining);
            if (found == remaining)
            {
                return true;
            }

            remaining = found;
        }

        return remaining > 0;
    }

    internal void MarkConsumed() => _consumed.Increment();
}
