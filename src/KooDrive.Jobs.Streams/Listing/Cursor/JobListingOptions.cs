using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of a <see cref="JobListing"/>: how the list is read.</summary>
/// <remarks>
/// <see cref="JobsClient.ListJobs"/> validates and copies the options: every error is listed in one <see cref="JobsOptionsException"/>, and later changes have
/// no effect on the listing. Configuration can bind every option.
/// </remarks>
public sealed class JobListingOptions
{
    /// <summary>The number of jobs per request (<c>limit</c>), 2 to 100. Default 100.</summary>
    /// <remarks>
    /// 2 and 3 are requested as 4, because consecutive pages overlap by at least two jobs. A page that jobs of one second fill is requested again with a
    /// larger limit, up to 100.
    /// </remarks>
    public int PageSize { get; set; } = PageLimits.Max;

    /// <summary>The maximum number of jobs to yield, 1 or more. Null (the default) means all jobs.</summary>
    public long? MaxJobs { get; set; }

    /// <summary>The maximum number of requests in flight, 1 to 32. Default 1. Jobs are yielded in the order of the list in any case.</summary>
    /// <remarks>The length of the list is unknown, so up to this number of requests, minus one, read beyond its end.</remarks>
    public int PagesInFlight { get; set; } = 1;

    /// <summary>The number of jobs at the top of the list to skip, which is the offset of the first request, 0 or more. Default 0.</summary>
    /// <remarks>A walk that resumes ignores this option.</remarks>
    public long StartOffset { get; set; }

    /// <summary>Whether the server rejects offset 0, so that offset 1 is the lowest requested. Default false.</summary>
    /// <remarks>
    /// The API document says that the offset must be greater than 0, and uses <c>offset=0</c> in its example. With this option the job at offset 0, if the
    /// server has one, is not listed, and a walk that would have to read it to stay correct throws a <see cref="JobListingException"/>.
    /// </remarks>
    public bool ServerRejectsOffsetZero { get; set; }

    /// <summary>Whether a page shorter than <see cref="PageSize"/> is the end of the list. Default false.</summary>
    /// <remarks>The default costs one more request, and is also correct with a server that caps the limit.</remarks>
    public bool TrustShortPages { get; set; }

    /// <summary>Returns a valid copy that later changes do not affect.</summary>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    internal JobListingOptions Validated(string parameterName)
    {
        var copy = (JobListingOptions)MemberwiseClone();
        JobListingOptionsValidator.Check(copy).ThrowIfFailed(parameterName);
        return copy;
    }
}
