using KooDrive.Jobs.Streams.Emulator.Log;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The requests that an emulator received, for assertions. Thread-safe.</summary>
/// <remarks>
/// The counts include every request. The number of retained requests is limited to <see cref="JobsEmulatorOptions.RequestLogCapacity"/>.
/// </remarks>
public sealed class EmulatorRequestLog
{
    private readonly Lock _lock = new();
    private readonly Queue<EmulatorRequest> _requests = new();
    private readonly AwaitableCount _count = new();
    private readonly int _capacity;
    private long _lastNumber;
    private int _inFlight;
    private int _maxInFlight;
    private long _connections;

    internal EmulatorRequestLog(int capacity) => _capacity = capacity;

    /// <summary>The number of requests that arrived since the start or the last <see cref="Clear"/>, including requests in flight.</summary>
    public long Count => _count.Value;

    /// <summary>
    /// The number of requests in flight. A request is in flight until its connection is free again, which may be shortly after the client
    /// has read the response.
    /// </summary>
    public int InFlightCount
    {
        get
        {
            lock (_lock)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>The maximum number of concurrent requests since the start or the last <see cref="Clear"/>.</summary>
    public int MaxInFlightCount
    {
        get
        {
            lock (_lock)
            {
                return _maxInFlight;
            }
        }
    }

    /// <summary>The number of connections that were accepted since the start.</summary>
    public long ConnectionCount => Interlocked.Read(ref _connections);

    /// <summary>The offsets of the retained requests in the order of arrival. Requests without an offset are omitted.</summary>
    public IReadOnlyList<long> Offsets => [.. Snapshot().Select(request => request.Offset).OfType<long>()];

    /// <summary>Returns a copy of the retained requests in the order of arrival.</summary>
    public IReadOnlyList<EmulatorRequest> Snapshot()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    /// <summary>Removes all requests and resets <see cref="Count"/> to 0. <see cref="EmulatorRequest.Number"/> is not reset.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _count.Reset();
            _maxInFlight = _inFlight;
        }
    }

    /// <summary>Waits until <see cref="Count"/> has reached a number. The response to the last request may not have been sent yet.</summary>
    /// <param name="count">The number. If it has been reached already, the task completes immediately.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task WaitForCountAsync(long count, CancellationToken cancellationToken = default) =>
        _count.WaitForAsync(count, cancellationToken);

    internal void ConnectionAccepted() => Interlocked.Increment(ref _connections);

    /// <summary>Adds a request. It is created under the lock, so that the log is in the order of the numbers.</summary>
    internal EmulatorRequest Begin(Func<long, EmulatorRequest> create)
    {
        lock (_lock)
        {
            EmulatorRequest request = create(++_lastNumber);
            if (_requests.Count == _capacity)
            {
                _requests.Dequeue();
            }

            _requests.Enqueue(request);
            _maxInFlight = Math.Max(_maxInFlight, ++_inFlight);
            _count.Increment();
            return request;
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            _inFlight--;
        }
    }
}
