using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class PollPlanTests
{
    [Fact]
    public void Cheapest_reads_the_head_alone_when_all_unfinished_jobs_are_in_it() =>
        Assert.Same(PollPlan.Head, Cheapest(Enumerable.Range(0, 87), listLength: 20_000));

    [Fact]
    public void Cheapest_returns_a_full_scan_when_it_takes_no_more_pages_than_windows() =>
        Assert.True(Cheapest([100, 150], listLength: 190).IsFullScan);

    [Theory]
    [InlineData(51, false)]
    [InlineData(50, true)]
    public void Cheapest_returns_a_full_scan_when_the_windows_exceed_the_requests_of_a_poll(int maxRequests, bool expected) =>
        Assert.Equal(expected, Cheapest(Enumerable.Range(1, 50).Select(number => number * 1_000), listLength: 1_000_000, maxRequests, JobStatus.Canceled).IsFullScan);

    [Fact]
    public void Cheapest_returns_a_full_scan_when_the_head_exceeds_the_requests_of_a_poll() =>
        Assert.True(Cheapest([], listLength: 1_000_000, maxRequests: 100, recentJobs: 10_000).IsFullScan);

    [Fact]
    public void Cheapest_reads_the_filtered_lists_when_a_job_is_crowded() =>
        Assert.NotEmpty(Cheapest([1_000], listLength: 1_000_000, isCrowded: true).Filters);

    private static PollPlan Cheapest(
        IEnumerable<int> places, long listLength, int maxRequests = 100, JobStatus status = JobStatus.Processing, int recentJobs = 0, bool isCrowded = false) =>
        PollPlan.Cheapest(places.Select(place => (JobKey.Of($"{place + 1}"), Track(place, status, isCrowded), (long)place)), listLength, recentJobs, recentRequests: 0, 100, maxRequests);

    private static TrackedJob Track(int place, JobStatus status, bool isCrowded) =>
        new() { Job = new Job { TaskId = $"{place + 1}", Status = status }, RelativePosition = place, IsCrowded = isCrowded };
}
