using KooDrive.Jobs.Streams.Emulator.Log;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The requests that an emulator received, for assertions. Thread safe.</summary>
/// <remarks>The counts go on for ever; of the requests themselves the latest are kept, see <see cref="JobsEmulatorOptions.RequestLogCapacity"/>.</remarks>
public sealed class EmulatorRequestLog
{
    private readonly Lock _lock = new();
    private readonly Queue<EmulatorRequest> _requests = new();
    private readonly AwaitableCount _count = new();
    private readonly int _capacity;
    private long _lastNumber;
    private int _inFlight;
    private int _peakInFlight;
    private long _connections;

    internal EmulatorRequestLog(int capacity) => _capacity = capacity;

    /// <summary>How many requests arrived since the start or the last <see cref="Clear"/>, answered or not.</summary>
    public long Count => _count.Value;

    /// <summary>
    /// How many requests are being answered at this moment. One counts until its connection is free again, which may be a little
    /// after the client has read the answer.
    /// </summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>The most requests that were being answered at one time since the start or the last <see cref="Clear"/>.</summary>
    public int PeakInFlight
    {
        get
        {
            lock (_lock)
            {
                return _peakInFlight;
            }
        }
    }

    /// <summary>How many connections were accepted since the start.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>The offsets of the requests that are kept, in the order of their arrival; those without one are left out.</summary>
    public IReadOnlyList<long> Offsets => [.. Snapshot().Select(request => request.Offset).OfType<long>()];

    /// <summary>The requests that are kept, in the order of their arrival.</summary>
    public IReadOnlyList<EmulatorRequest> Snapshot()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    /// <summary>Forgets the requests so far and counts from 0 again. <see cref="EmulatorRequest.Number"/> goes on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _count.Reset();
            _peakInFlight = _inFlight;
        }
    }

    /// <summary>Waits until <see cref="Count"/> has reached a number: the request has arrived, and may not be answered yet.</summary>
    /// <param name="count">The number; waiting for what has been reached ends at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForCountAsync(long count, CancellationToken cancellationToken = default) =>
        _count.WaitForAsync(count, cancellationToken);

    internal void ConnectionAccepted() => Interlocked.Increment(ref _connections);

    /// <summary>Logs a request, which is made under the lock so that the log is in the order of the numbers.</summary>
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
            _peakInFlight = Math.Max(_peakInFlight, ++_inFlight);
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
