namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A request that an emulator received. It is logged when it arrives, and the response is recorded later. Thread-safe.</summary>
public sealed class EmulatorRequest
{
    private readonly Lock _lock = new();
    private int? _statusCode;
    private int? _jobCount;

    internal EmulatorRequest()
    {
    }

    /// <summary>The number of the request, counted from 1 since the emulator started.</summary>
    public required long Number { get; init; }

    /// <summary>The time when the request arrived, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The method. The emulator rejects methods other than <c>GET</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The path. The emulator rejects paths other than <c>/koodrive/ose/v1/jobs</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The unmodified query with its question mark; empty if the request has no query.</summary>
    public required string QueryString { get; init; }

    /// <summary>The offset; <see langword="null"/> if the request has no offset or the offset is not an integer of 0 or more.</summary>
    public required long? Offset { get; init; }

    /// <summary>The limit; <see langword="null"/> if the request has no limit or the limit is not an integer of 0 or more.</summary>
    public required long? Limit { get; init; }

    /// <summary>The type filter; <see langword="null"/> if the request has no such filter or the filter is not an integer of 0 or more.</summary>
    public required long? Type { get; init; }

    /// <summary>The status filter; <see langword="null"/> if the request has no such filter or the filter is not an integer of 0 or more.</summary>
    public required long? Status { get; init; }

    /// <summary>The headers by case-insensitive name. The values of credentials and cookies are replaced with <c>(hidden)</c>.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The <c>X-Request-Id</c> of the response.</summary>
    public required string RequestId { get; init; }

    /// <summary>The HTTP status of the response; <see langword="null"/> while there is no response.</summary>
    public int? StatusCode
    {
        get
        {
            lock (_lock)
            {
                return _statusCode;
            }
        }
    }

    /// <summary>The number of jobs in the response; <see langword="null"/> if the response is not a page.</summary>
    public int? JobCount
    {
        get
        {
            lock (_lock)
            {
                return _jobCount;
            }
        }
    }

    /// <summary>Returns the request and the HTTP status of the response in one line.</summary>
    public override string ToString() => $"#{Number} {Method} {Path}{QueryString}: {StatusCode?.ToString() ?? "no response"}";

    internal void RecordResponse(int statusCode, int? jobCount)
    {
        lock (_lock)
        {
            _statusCode = statusCode;
            _jobCount = jobCount;
        }
    }
}
