namespace KooDrive.Jobs.Streams;

/// <summary>The offsets asked for and not yet answered, in order, and where the next one goes.</summary>
internal sealed class RequestsInFlight(long firstOffset)
{
    private readonly Queue<Request> _requests = new();
    private long _lastOffset;

    /// <summary>Where to ask when nothing is in flight.</summary>
    public long Next { get; set; } = firstOffset;

    /// <summary>How far apart requests in flight are.</summary>
    public int Stride { get; set; } = 1;

    public int Count => _requests.Count;

    public long Send()
    {
        bool isAhead = Count > 0;
        _lastOffset = isAhead ? _lastOffset + Stride : Next;
        _requests.Enqueue(new Request(_lastOffset, isAhead));
        return _lastOffset;
    }

    public Request TakeOldest() => _requests.Dequeue();

    /// <summary>Gives up what is in flight, and goes on at an offset.</summary>
    public void ContinueAt(long offset)
    {
        Next = offset;
        Drop();
    }

    public void Drop() => _requests.Clear();

    /// <summary>Whether the oldest one starts behind an offset.</summary>
    public bool StartBehind(long offset) => _requests.TryPeek(out Request oldest) && oldest.Offset > offset;

    /// <summary>A request, and whether it was sent before the answer to the one in front of it was read.</summary>
    internal readonly record struct Request(long Offset, bool IsAhead);
}
