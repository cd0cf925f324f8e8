using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class PollPlanTests
{
    [Fact]
    public void Cheapest_reads_the_head_alone_while_the_unfinished_jobs_are_there_however_many() =>
        Assert.Same(PollPlan.Head, Cheapest(Enumerable.Range(0, 87), listLength: 20_000));

    [Fact]
    public void Cheapest_reads_everything_when_that_takes_no_more_pages_than_windows() =>
        Assert.True(Cheapest([100, 150], listLength: 190).IsFullPass);

    [Theory]
    [InlineData(51, false)]
    [InlineData(50, true)]
    public void Cheapest_reads_everything_when_less_does_not_fit_into_a_poll(int maxRequests, bool expected) =>
        Assert.Equal(expected, Cheapest(Enumerable.Range(1, 50).Select(number => number * 1_000), listLength: 1_000_000, maxRequests, JobStatus.Canceled).IsFullPass);

    [Fact]
    public void Cheapest_reads_everything_when_the_newest_jobs_alone_do_not_fit_into_a_poll() =>
        Assert.True(Cheapest([], listLength: 1_000_000, maxRequests: 100, recentJobs: 10_000).IsFullPass);

    [Fact]
    public void Cheapest_reads_the_filtered_lists_for_a_job_that_cannot_be_found_by_time() =>
        Assert.NotEmpty(Cheapest([1_000], listLength: 1_000_000, isCrowded: true).Filters);

    private static PollPlan Cheapest(
        IEnumerable<int> places, long listLength, int maxRequests = 100, JobStatus status = JobStatus.Processing, int recentJobs = 0, bool isCrowded = false) =>
        PollPlan.Cheapest(places.Select(place => (JobKey.Of($"{place + 1}"), Track(place, status, isCrowded), (long)place)), listLength, recentJobs, requestsPerPage: 1, 100, maxRequests);

    private static TrackedJob Track(int place, JobStatus status, bool isCrowded) =>
        new() { Job = new Job { TaskId = $"{place + 1}", Status = status }, Rank = place, IsCrowded = isCrowded };
}
