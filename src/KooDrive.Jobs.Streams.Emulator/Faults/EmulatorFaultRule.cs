using KooDrive.Jobs.Streams.Emulator.Log;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A rule that applies a fault to requests. Thread-safe.</summary>
public sealed class EmulatorFaultRule
{
    private readonly Func<EmulatorRequest, bool> _isDue;
    private readonly AwaitableCount _applied = new();
    private int _remaining;

    internal EmulatorFaultRule(EmulatorFault fault, int times, Func<EmulatorRequest, bool> isDue)
    {
        Fault = fault;
        _remaining = times;
        _isDue = isDue;
    }

    /// <summary>The fault.</summary>
    public EmulatorFault Fault { get; }

    /// <summary>The number of requests to which the fault was applied.</summary>
    public long AppliedCount => _applied.Value;

    /// <summary>The number of requests to which the fault will still be applied; <see cref="int.MaxValue"/> for no limit.</summary>
    public int RemainingCount => Volatile.Read(ref _remaining);

    /// <summary>Cancels the rule. The fault is not applied to further requests.</summary>
    public void Cancel() => Interlocked.Exchange(ref _remaining, 0);

    /// <summary>
    /// Waits until <see cref="AppliedCount"/> has reached a number. The delay of the fault has then started, so a test can advance its clock.
    /// </summary>
    /// <param name="count">The number. If it has been reached already, the task completes immediately.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task WaitForAppliedAsync(long count = 1, CancellationToken cancellationToken = default) =>
        _applied.WaitForAsync(count, cancellationToken);

    internal bool IsDue(EmulatorRequest request) => _isDue(request);

    /// <summary>Decrements the number of remaining requests. Returns whether any remained.</summary>
    internal bool TryTake()
    {
        int remaining = RemainingCount;
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

    internal void MarkApplied() => _applied.Increment();
}
