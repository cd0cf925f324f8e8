namespace KooDrive.Jobs.Streams;

/// <summary>The options of a <see cref="ListWalk"/>; the ranges are those of <see cref="JobListingOptions"/>.</summary>
internal sealed record ListWalkOptions
{
    public JobQuery Query { get; init; } = JobQuery.All;

    public int PageSize { get; init; } = ListWalk.MaxLimit;

    public int PagesInFlight { get; init; } = 1;

    public long StartOffset { get; init; }

    public bool ServerRejectsOffsetZero { get; init; }

    public long? MaxJobs { get; init; }

    public bool TrustShortPages { get; init; }

    public ResumePoint? ResumeFrom { get; init; }
}
