namespace KooDrive.Jobs.Streams.Emulator.Log;

/// <summary>A count with a wait operation. Thread-safe.</summary>
internal sealed class AwaitableCount
{
    private readonly Lock _lock = new();
    private readonly List<(long Target, TaskCompletionSource Reached)> _waiters = [];
    private long _value;

    public long Value
    {
        get
        {
            lock (_lock)
            {
                return _value;
            }
        }
    }

    public void Increment()
    {
        lock (_lock)
        {
            _value++;

            // Continuations run asynchronously, so no other code runs under the lock.
            foreach ((long target, TaskCompletionSource reached) in _waiters)
            {
                if (target <= _value)
                {
                    reached.TrySetResult();
                }
            }

            _waiters.RemoveAll(waiter => waiter.Target <= _value);
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _value = 0;
        }
    }

    public async Task WaitForAsync(long target, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_value >= target)
            {
                return;
            }

            _waiters.Add((target, reached));
        }

        try
        {
            await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove((target, reached));
            }
        }
    }
}
