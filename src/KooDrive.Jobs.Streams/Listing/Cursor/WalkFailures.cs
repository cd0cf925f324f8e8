namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The ways in which a walk gives up, each with what to do about it.</summary>
internal static class WalkFailures
{
    private const string Advice = "What was yielded so far is right; list again from the start for the rest.";

    public static JobListingException NoProgress(long offset, int pages) => At(
        offset,
        JobListingFailure.NoProgress,
        $"The last {pages} pages brought no new job although the list did not end. It changes faster than it can be read. {Advice}");

    public static JobListingException RepeatedOnPage(long offset, string taskId) => At(
        offset,
        JobListingFailure.OrderChanged,
        $"The page at offset {offset} holds job {taskId} twice, so positions in the list mean nothing. {Advice}");

    public static JobListingException OrderChanged(long offset) => At(
        offset,
        JobListingFailure.OrderChanged,
        $"The page at offset {offset} holds jobs in another order than before, so jobs could be missed or repeated. {Advice}");

    public static JobListingException AnchorLost(long offset, int remembered) => At(
        offset,
        JobListingFailure.AnchorLost,
        $"All of the last {remembered} jobs were removed from the list, so nothing tells where to go on. {Advice}");

    public static JobListingException OffsetIgnored(long offset) => At(
        offset,
        JobListingFailure.OffsetIgnored,
        $"The server answers the same jobs at offset {offset} as far before it, so it ignores the offset. Only its first page can be read.");

    public static JobListingException PageTooSmall(long offset) => At(
        offset,
        JobListingFailure.PageTooSmall,
        "The server answers one job at a time, so no page can overlap the one before and changes of the list would go unnoticed. "
        + "Read single pages with GetPageAsync if that is acceptable.");

    private static JobListingException At(long offset, JobListingFailure reason, string message) =>
        new(reason, message) { Offset = offset };
}
