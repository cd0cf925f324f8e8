namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The requests in flight, in order, and the next request.</summary>
internal sealed class RequestsInFlight(PageRange first)
{
    private readonly Queue<Request> _requests = new();
    private PageRange _last = first;

    /// <summary>The next request when none is in flight.</summary>
    public PageRange Next { get; set; } = first;

    /// <summary>The distance between requests in flight, in jobs.</summary>
    public int Stride { get; set; } = 1;

    public int Count => _requests.Count;

    public PageRange Send()
    {
        bool isAhead = Count > 0;
        _last = isAhead ? _last with { Offset = _last.Offset + Stride } : Next;
        _requests.Enqueue(new Request(_last, isAhead));
        return _last;
    }

    public Request TakeOldest() => _requests.Dequeue();

    /// <summary>Drops the requests in flight and continues with another request.</summary>
    public void ContinueAt(PageRange next)
    {
        Next = next;
        Drop();
    }

    public void Drop() => _requests.Clear();

    /// <summary>The offset of the oldest request; null when none is in flight.</summary>
    public long? OldestOffset => _requests.TryPeek(out Request oldest) ? oldest.Range.Offset : null;

    /// <summary>A request, and whether it was sent before the response to the request before it was read.</summary>
    internal readonly record struct Request(PageRange Range, bool IsAhead);
}

/// <summary>The part of the list that a request reads.</summary>
internal readonly record struct PageRange(long Offset, int Limit);
