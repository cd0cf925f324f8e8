namespace KooDrive.Jobs.Streams;

/// <summary>The filters of a request: <c>type</c> and <c>status</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>Immutable and thread-safe. The server applies the filters. The API accepts one value of each filter; null stands for all values.</remarks>
public sealed record JobQuery
{
    /// <summary>The query for all jobs.</summary>
    public static JobQuery All { get; } = new();

    /// <summary>The type of the jobs, 0 or more; null (the default) means all types.</summary>
    /// <remarks>The range of the API document is 1-7. Other values are sent as they are.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public JobType? Type
    {
        get;
        init
        {
            if (value is { } type)
            {
                ArgumentOutOfRangeException.ThrowIfNegative((int)type, nameof(Type));
            }

            field = value;
        }
    }

    /// <summary>The status of the jobs, 0 or more; null (the default) means all statuses.</summary>
    /// <remarks>The range of the API document is 0-3. Other values are sent as they are.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public JobStatus? Status
    {
        get;
        init
        {
            if (value is { } status)
            {
                ArgumentOutOfRangeException.ThrowIfNegative((int)status, nameof(Status));
            }

            field = value;
        }
    }
}
