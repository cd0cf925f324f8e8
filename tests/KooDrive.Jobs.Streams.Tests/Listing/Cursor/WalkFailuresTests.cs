using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class WalkFailuresTests
{
    [Fact]
    public void Failures_state_what_happened_and_what_to_do()
    {
        (JobListingException Failure, JobListingFailure Reason, string Advice)[] failures =
        [
            (WalkFailures.NoProgress(7, 250), JobListingFailure.NoProgress, "Resume from the resume point when the list changes more slowly, or list again from the start."),
            (WalkFailures.RepeatedOnPage(7, "1\n2"), JobListingFailure.OrderChanged, "List again from the start to read the rest of the jobs."),
            (WalkFailures.OrderChanged(7), JobListingFailure.OrderChanged, "List again from the start to read the rest of the jobs."),
            (WalkFailures.PositionLost(7, 256), JobListingFailure.PositionLost, "List again from the start to read the rest of the jobs."),
            (WalkFailures.OffsetIgnored(7), JobListingFailure.OffsetIgnored, "Only the first page can be read, with GetPageAsync."),
            (WalkFailures.PageTooSmall(7), JobListingFailure.PageTooSmall, "Read single pages with GetPageAsync if that is acceptable."),
        ];

        Assert.All(failures, item =>
        {
            Assert.Equal((item.Reason, 7L), (item.Failure.Reason, item.Failure.Offset));
            Assert.Equal(item.Reason is not (JobListingFailure.OffsetIgnored or JobListingFailure.PageTooSmall), item.Failure.IsTransient);
            Assert.EndsWith($". {item.Advice}", item.Failure.Message, StringComparison.Ordinal);
            Assert.InRange(item.Failure.Message.Length - item.Advice.Length, 50, 250);
            Assert.DoesNotContain('\n', item.Failure.Message);
        });
    }
}
