namespace KooDrive.Jobs.Streams;

/// <summary>How a <see cref="JobListing"/> walks the list. Immutable.</summary>
public sealed record JobListingOptions
{
    /// <summary>The number of jobs asked for in one request (<c>limit</c>), 2-100. Default 100.</summary>
    /// <remarks>
    /// 2 and 3 are requested as 4, because consecutive pages overlap by at least two jobs. A page that jobs of one second fill is requested again with a
    /// larger limit, up to 100.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 2-100.</exception>
    public int PageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(PageSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100, nameof(PageSize));
            field = value;
        }
    } = 100;

    /// <summary>The most jobs to yield, 1 or more; null, the default, for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long? MaxJobs
    {
        get;
        init
        {
            if (value is { } most)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxJobs));
            }

            field = value;
        }
    }

    /// <summary>How many requests may be under way at once, 1-32. Default 1. Jobs are yielded in order whatever it is.</summary>
    /// <remarks>The list's length is not known beforehand, so up to this many requests, less one, go past its end.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 1-32.</exception>
    public int PagesInFlight
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(PagesInFlight));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 32, nameof(PagesInFlight));
            field = value;
        }
    } = 1;

    /// <summary>The number of jobs at the top of the list to skip, 0 or more: the offset of the first request. Default 0. A walk that resumes ignores it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long StartOffset
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(StartOffset));
            field = value;
        }
    }

    /// <summary>Whether the server rejects offset 0, so that offset 1 is the lowest requested. Default false.</summary>
    /// <remarks>
    /// The API document says that the offset must be greater than 0, and uses <c>offset=0</c> in its example. With this option the job at offset 0, if the
    /// server has one, is not listed, and a walk that would have to read it to stay correct throws a <see cref="JobListingException"/>.
    /// </remarks>
    public bool ServerRejectsOffsetZero { get; init; }

    /// <summary>
    /// Whether a page shorter than <see cref="PageSize"/> is taken for the end of the list. Default false, which costs one request more
    /// and is right on a server that caps the limit.
    /// </summary>
    public bool TrustShortPages { get; init; }

    /// <summary>Told after each page, on the thread that read it; null, the default, for none.</summary>
    public IProgress<JobListingProgress>? Progress { get; init; }
}
