namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// How many retries all the pages of a client may take together: each takes one, each page that comes gives one back. Without it many
/// pages in flight would multiply what reaches a server that is down already. Safe for threads.
/// </summary>
/// <remarks>It counts answers and not time, as gRPC's retry throttling does: only a server that answers again earns retries again.</remarks>
internal sealed class RetryBudget
{
    private readonly int _max;
    private int _remaining;

    public RetryBudget(int most) => (_max, _remaining) = (most, most);

    /// <summary>Takes a retry, if one is left.</summary>
    public bool TryTake()
    {
        int left = Volatile.Read(ref _remaining);
        while (left > 0)
        {
            int seen = Interlocked.CompareExchange(ref _remaining, left - 1, left);
            if (seen == left)
            {
                return true;
            }

            left = seen;
        }

        return false;
    }

    /// <summary>A page came. Usually the budget is full, and this is one read.</summary>
    public void Return()
    {
        int left = Volatile.Read(ref _remaining);
        while (left < _max)
        {
            int seen = Interlocked.CompareExchange(ref _remaining, left + 1, left);
            if (seen == left)
            {
                return;
            }

            left = seen;
        }
    }
}
