namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The number of retries that all requests of a client share: a retry takes one, and a successful page returns one. Without the budget, many pages in
/// flight would multiply the requests to a server that is down. Thread-safe.
/// </summary>
/// <remarks>Like the retry throttling of gRPC, the budget counts responses, not time: only a server that responds again refills it.</remarks>
internal sealed class RetryBudget
{
    private readonly int _max;
    private int _remaining;

    public RetryBudget(int max) => (_max, _remaining) = (max, max);

    /// <summary>Takes a retry, if one remains.</summary>
    public bool TryTake()
    {
        int remaining = Volatile.Read(ref _remaining);
        while (remaining > 0)
        {
            int seen = Interlocked.CompareExchange(ref _remaining, remaining - 1, remaining);
            if (seen == remaining)
            {
                return true;
            }

            remaining = seen;
        }

        return false;
    }

    /// <summary>Returns a retry after a successful page. Usually the budget is full, and this is one read.</summary>
    public void Return()
    {
        int remaining = Volatile.Read(ref _remaining);
        while (remaining < _max)
        {
            int seen = Interlocked.CompareExchange(ref _remaining, remaining + 1, remaining);
            if (seen == remaining)
            {
                return;
            }

            remaining = seen;
        }
    }
}
