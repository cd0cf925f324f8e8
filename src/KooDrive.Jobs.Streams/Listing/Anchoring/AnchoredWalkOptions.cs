namespace KooDrive.Jobs.Streams;

/// <summary>What an <see cref="AnchoredWalk"/> is to do; the ranges are those of <see cref="JobListingOptions"/>.</summary>
internal sealed record AnchoredWalkOptions
{
    public JobQuery Query { get; init; } = JobQuery.All;

    public int PageSize { get; init; } = 100;

    public int PagesInFlight { get; init; } = 1;

    public long FirstOffset { get; init; }

    public long? MaxJobs { get; init; }

    public bool TrustShortPages { get; init; }

    public ResumePoint? ResumeFrom { get; init; }

    /// <summary>
    /// How many jobs to remember. Well above what pages in flight can bring: with fewer, jobs can be lost although a remembered one
    /// is still there.
    /// </summary>
    public int Remembered
    {
        get => field > 0 ? field : Math.Max(AnchoredWalk.LeastRemembered, 2 * PageSize * (PagesInFlight + 1));
        init;
    }

    /// <summary>False to find remembered jobs without the help of their order, which changes nothing but the time that it takes.</summary>
    public bool TrustsOrderOfIds { get; init; } = true;
}
