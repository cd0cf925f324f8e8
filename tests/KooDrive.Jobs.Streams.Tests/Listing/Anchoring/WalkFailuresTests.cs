namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

public sealed class WalkFailuresTests
{
    private static readonly (JobListingException Failure, JobListingFailure Reason, bool IsTransient, string[] Says)[] All =
    [
        (WalkFailures.NoProgress(7, 3), JobListingFailure.NoProgress, true, ["last 3 pages", "list again"]),
        (WalkFailures.RepeatedOnPage(7, "job-1"), JobListingFailure.OrderChanged, true, ["offset 7", "job-1 twice", "list again"]),
        (WalkFailures.OrderChanged(7, "job-1"), JobListingFailure.OrderChanged, true, ["offset 7", "job-1 in another order", "list again"]),
        (WalkFailures.AnchorLost(7, 256), JobListingFailure.AnchorLost, true, ["last 256 jobs", "list again"]),
        (WalkFailures.OffsetIgnored(7), JobListingFailure.OffsetIgnored, false, ["offset 7", "Only its first page"]),
        (WalkFailures.PageTooSmall(7), JobListingFailure.PageTooSmall, false, ["one job at a time", "GetPageAsync"]),
    ];

    [Fact]
    public void Each_says_what_happened_where_and_what_to_do() => Assert.All(All, told =>
    {
        Assert.Equal((told.Reason, told.IsTransient, 7L), (told.Failure.Reason, told.Failure.IsTransient, told.Failure.Offset));
        Assert.All(told.Says, part => Assert.Contains(part, told.Failure.Message, StringComparison.Ordinal));
    });
}
