using System.Collections.Immutable;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The faults of an emulator. Rules can be added while the emulator runs. Thread-safe.</summary>
/// <remarks>
/// At most one fault is applied to a request: that of the first matching rule, in the order in which the rules were added. The fault is
/// applied before the request is checked, so the request need not be valid.
/// </remarks>
public sealed class EmulatorFaults
{
    private ImmutableArray<EmulatorFaultRule> _rules = [];
    private long _appliedCount;

    internal EmulatorFaults()
    {
    }

    /// <summary>The number of requests to which a fault was applied.</summary>
    public long AppliedCount => Interlocked.Read(ref _appliedCount);

    /// <summary>Applies a fault to the next requests.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="count">The number of requests, 1 or more. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public EmulatorFaultRule Next(EmulatorFault fault, int count = 1) => AddRule(fault, count, _ => true);

    /// <summary>Applies a fault to every n-th request until the rule is canceled.</summary>
    /// <param name="interval">The interval, 1 or more. 3 means the third request, the sixth request, and so on.</param>
    /// <param name="fault">The fault.</param>
    /// <remarks>Every request counts. A request to which an earlier rule applies is skipped.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is less than 1.</exception>
    public EmulatorFaultRule Every(int interval, EmulatorFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        long seen = 0;
        return AddRule(fault, int.MaxValue, _ => Interlocked.Increment(ref seen) % interval == 0);
    }

    /// <summary>Applies a fault to requests that satisfy a predicate.</summary>
    /// <param name="predicate">The predicate. Called concurrently for concurrent requests.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="count">The maximum number of requests, 1 or more. Default: no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public EmulatorFaultRule When(Func<EmulatorRequest, bool> predicate, EmulatorFault fault, int count = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return AddRule(fault, count, predicate);
    }

    /// <summary>Cancels every rule. Faults that are already applied to requests in flight stay in effect.</summary>
    public void Clear()
    {
        foreach (EmulatorFaultRule rule in ImmutableInterlocked.InterlockedExchange(ref _rules, []))
        {
            rule.Cancel();
        }
    }

    /// <summary>Returns the rule that applies to a request.</summary>
    internal EmulatorFaultRule? FindRule(EmulatorRequest request)
    {
        EmulatorFaultRule? taken = null;
        ImmutableArray<EmulatorFaultRule> rules = _rules;
        foreach (EmulatorFaultRule rule in rules)
        {
            // Every predicate is called, because some of them count requests.
            if (rule.IsDue(request) && taken is null && rule.TryTake())
            {
                taken = rule;
            }
        }

        if (taken is not null)
        {
            Interlocked.Increment(ref _appliedCount);
            if (taken.RemainingCount == 0)
            {
                ImmutableInterlocked.Update(ref _rules, (current, spent) => current.Remove(spent), taken);
            }
        }

        return taken;
    }

    private EmulatorFaultRule AddRule(EmulatorFault fault, int count, Func<EmulatorRequest, bool> isDue)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var rule = new EmulatorFaultRule(fault, count, isDue);
        ImmutableInterlocked.Update(ref _rules, (current, added) => current.Add(added), rule);
        return rule;
    }
}
