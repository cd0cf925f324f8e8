using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>Validates the options of a listing.</summary>
internal static class JobListingOptionsValidator
{
    public static OptionChecks Check(JobListingOptions options)
    {
        var checks = new OptionChecks();
        checks.Number(nameof(options.PageSize), options.PageSize, 2, PageLimits.Max, "jobs");
        checks.Number(nameof(options.MaxJobs), options.MaxJobs, 1, double.PositiveInfinity, "jobs");
        checks.Number(nameof(options.PagesInFlight), options.PagesInFlight, 1, 32, "pages");
        checks.Number(nameof(options.StartOffset), options.StartOffset, 0, double.PositiveInfinity, "jobs");
        return checks;
    }
}
