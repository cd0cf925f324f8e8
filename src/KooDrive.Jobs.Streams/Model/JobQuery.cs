namespace KooDrive.Jobs.Streams;

/// <summary>Which jobs to ask for: the filters <c>type</c> and <c>status</c> of the API document. The server applies them.</summary>
/// <remarks>Immutable. The API takes one value of each; null asks for all.</remarks>
public sealed record JobQuery
{
    /// <summary>Every job.</summary>
    public static JobQuery All { get; } = new();

    /// <summary>Only jobs of this type. The document's range is 1-7; other values that are not negative are sent as they are.</summary>
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

    /// <summary>Only jobs in this status. The document's range is 0-3; other values that are not negative are sent as they are.</summary>
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
