namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A request that an emulator received. It is logged when it arrives and completed when it has been answered.</summary>
public sealed class EmulatorRequest
{
    private readonly Lock _lock = new();
    private int? _statusCode;
    private int? _jobsServed;

    internal EmulatorRequest()
    {
    }

    /// <summary>Which request this is, counted from 1 since the emulator started.</summary>
    public required long Number { get; init; }

    /// <summary>When it arrived, by the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The method, <c>GET</c> where all is well.</summary>
    public required string Method { get; init; }

    /// <summary>The path, <c>/koodrive/ose/v1/jobs</c> where all is well.</summary>
    public required string Path { get; init; }

    /// <summary>The query as it came, with its question mark; empty when there was none.</summary>
    public required string QueryString { get; init; }

    /// <summary>The offset, or <see langword="null"/> when there was none or it was no number of 0 or more.</summary>
    public required long? Offset { get; init; }

    /// <summary>The limit, likewise.</summary>
    public required long? Limit { get; init; }

    /// <summary>The filter by type, likewise.</summary>
    public required long? Type { get; init; }

    /// <summary>The filter by status, likewise.</summary>
    public required long? Status { get; init; }

    /// <summary>The headers, by their names in any case. The values of credentials and cookies are replaced by <c>(hidden)</c>.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The <c>X-Request-Id</c> of the answer.</summary>
    public required string RequestId { get; init; }

    /// <summary>The HTTP status of the answer; <see langword="null"/> as long as there is none, or for ever when none was given.</summary>
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

    /// <summary>How many jobs the answer held; <see langword="null"/> when it was no page.</summary>
    public int? JobsServed
    {
        get
        {
            lock (_lock)
            {
                return _jobsServed;
            }
        }
    }

    /// <summary>A line for the output of a test.</summary>
    public override string ToString() => $"#{Number} {Method} {Path}{QueryString}: {StatusCode?.ToString() ?? "no answer"}";

    internal void Answered(int statusCode, int? jobsServed)
    {
        lock (_lock)
        {
            _statusCode = statusCode;
            _jobsServed = jobsServed;
        }
    }
}
