using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The failures of a walk, each with what to do.</summary>
internal static class WalkFailures
{
    private const string ListedJobs = "The jobs listed so far are correct.";
    private const string Advice = $"{ListedJobs} List again from the start to read the rest of the jobs.";
    private const string ResumeAdvice = $"{ListedJobs} Resume from the resume point when the list changes more slowly, or list again from the start.";

    public static JobListingException NoProgress(long offset, int pages) => At(
        offset,
        JobListingFailure.NoProgress,
        $"The last {pages} pages contained no new job, but the list did not end, because it changes faster than it can be read. {ResumeAdvice}");

    public static JobListingException RepeatedOnPage(long offset, string taskId) => At(
        offset,
        JobListingFailure.OrderChanged,
        $"The page at offset {offset} contains a duplicate of job {SafeText.Id(taskId)}, so jobs could be missed or repeated. {Advice}");

    public static JobListingException OrderChanged(long offset) => At(
        offset,
        JobListingFailure.OrderChanged,
        $"The page at offset {offset} contains jobs in another order than before, so jobs could be missed or repeated. {Advice}");

    public static JobListingException PositionLost(long offset, int remembered) => At(
        offset,
        JobListingFailure.PositionLost,
        $"The last {remembered} jobs were all removed from the list, so the listing cannot find its position. {Advice}");

    public static JobListingException OffsetIgnored(long offset) => At(
        offset,
        JobListingFailure.OffsetIgnored,
        $"The server ignores the offset: at offset {offset}, it returned the same jobs as at much lower offsets. Only the first page can be read, with GetPageAsync.");

    public static JobListingException PageTooSmall(long offset) => At(
        offset,
        JobListingFailure.PageTooSmall,
        "The server returns one job per page, so pages cannot overlap, and changes of the list would not be detected. "
        + "Read single pages with GetPageAsync if that is acceptable.");

    private static JobListingException At(long offset, JobListingFailure reason, string message) =>
        new(reason, message) { Offset = offset };
}
