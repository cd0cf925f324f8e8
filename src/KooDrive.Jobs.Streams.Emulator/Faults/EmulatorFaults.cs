using System.Collections.Immutable;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The faults of an emulator, to order while it runs. Thread safe.</summary>
/// <remarks>
/// A request meets one fault at most: the first that is due, in the order in which they were ordered. It comes before any check of
/// the request, so the request need not be a good one.
/// </remarks>
public sealed class EmulatorFaults
{
    private ImmutableArray<EmulatorFaultOrder> _orders = [];
    private long _consumed;

    internal EmulatorFaults()
    {
    }

    /// <summary>How many requests met a fault.</summary>
    public long Consumed => Interlocked.Read(ref _consumed);

    /// <summary>Orders a fault for the next requests.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="count">For how many requests, 1 or more. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public EmulatorFaultOrder Next(EmulatorFault fault, int count = 1) => Order(fault, count, _ => true);

    /// <summary>Orders a fault for every so many-th request from now on, until the order is canceled.</summary>
    /// <param name="interval">3 means the third, the sixth and so on. 1 or more.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <remarks>All requests count. One that has met an earlier order's fault is passed over.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is less than 1.</exception>
    public EmulatorFaultOrder Every(int interval, EmulatorFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        long seen = 0;
        return Order(fault, int.MaxValue, _ => Interlocked.Increment(ref seen) % interval == 0);
    }

    /// <summary>Orders a fault for requests of a kind.</summary>
    /// <param name="predicate">Which requests. Called for several at a time when several arrive.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="count">For how many of them, 1 or more. Default: all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public EmulatorFaultOrder When(Func<EmulatorRequest, bool> predicate, EmulatorFault fault, int count = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Order(fault, count, predicate);
    }

    /// <summary>Cancels every order. Requests that have met their fault already are not freed of it.</summary>
    public void Clear()
    {
        foreach (EmulatorFaultOrder order in ImmutableInterlocked.InterlockedExchange(ref _orders, []))
        {
            order.Cancel();
        }
    }

    /// <summary>The order whose fault a request meets.</summary>
    internal EmulatorFaultOrder? Take(EmulatorRequest request)
    {
        EmulatorFaultOrder? taken = null;
        ImmutableArray<EmulatorFaultOrder> orders = _orders;
        foreach (EmulatorFaultOrder order in orders)
        {
            // Each is asked, because some count.
            if (order.IsDue(request) && taken is null && order.TryTake())
            {
                taken = order;
            }
        }

        if (taken is not null)
        {
            Interlocked.Increment(ref _consumed);
            if (taken.Remaining == 0)
            {
                ImmutableInterlocked.Update(ref _orders, (current, spent) => current.Remove(spent), taken);
            }
        }

        return taken;
    }

    private EmulatorFaultOrder Order(EmulatorFault fault, int count, Func<EmulatorRequest, bool> isDue)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var order = new EmulatorFaultOrder(fault, count, isDue);
        ImmutableInterlocked.Update(ref _orders, (current, added) => current.Add(added), order);
        return order;
    }
}
