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

    [Theory]
    [InlineData(JobStatus.Pending, new[] { JobStatus.Pending, JobStatus.Processing })]
    [InlineData(JobStatus.Processing, new[] { JobStatus.Processing })]
    [InlineData(JobStatus.Canceled, new JobStatus[0])]
    public void Cheapest_reads_the_filtered_lists_that_contain_the_deep_jobs(JobStatus status, JobStatus[] expected)
    {
        PollPlan plan = Cheapest([1_000], listLength: 1_000_000, status: status, isCrowded: true);

        Assert.Equal(expected, plan.Filters);
        Assert.Equal(expected.Length == 0 ? [] : [JobKey.Of("1001")], plan.Deep);
        Assert.False(plan.ReadsFiltersWhole);
    }

    [Fact]
    public void Cheapest_reads_no_filtered_list_for_jobs_of_the_head()
    {
        var plan = PollPlan.Cheapest(
            [(JobKey.Of("1"), Track(0, JobStatus.Pending, isCrowded: false), 0L), (JobKey.Of("2"), Track(1_000, JobStatus.Canceled, isCrowded: true), 1_000L)],
            listLength: 1_000_000, recentJobs: 0, recentRequests: 0, pageLength: 100, maxRequests: 100);

        Assert.Equal(PollPlan.Head, plan);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Cheapest_returns_a_full_scan_when_the_order_of_the_newest_jobs_needs_more_requests_than_a_poll_has(int recentRequests, bool expected) =>
        Assert.Equal(expected, PollPlan.Cheapest([], 1_000_000, 500, recentRequests, 100, maxRequests: 100).IsFullScan);

    [Theory]
    [InlineData(98, false)]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void Cheapest_counts_the_requests_of_the_newest_jobs_and_of_windows_together(int recentRequests, bool expected) =>
        Assert.Equal(
            expected,
            PollPlan.Cheapest([(JobKey.Of("1"), Track(5_000, JobStatus.Canceled, isCrowded: false), 5_000L)], 1_000_000, 500, recentRequests, 100, maxRequests: 100).IsFullScan);

    // For every combination: the cheapest plan, and the number of jobs after the head.
    [Fact]
    public void Cheapest_changes_for_a_reason_only()
    {
        PollPlan[] plans =
        [
            .. from count in (int[])[1, 2, 3, 8, 30]
               from stride in (int[])[5, 12, 13, 90, 400]
               from first in (int[])[86, 87, 88, 186, 187, 900]
               from status in (JobStatus[])[JobStatus.Pending, JobStatus.Processing, JobStatus.Canceled]
               from listLength in (int[])[300, 1_000, 20_000]
               select Cheapest(Enumerable.Range(0, count).Select(number => first + (number * stride)), listLength, maxRequests: 20, status, recentJobs: first / 2),
        ];

        // Measured. Another strategy may choose other plans.
        Assert.Equal(
            (96, 822, 648, 6_936),
            (plans.Count(plan => plan.IsFullScan), plans.Count(plan => plan == PollPlan.Head), plans.Sum(plan => plan.Filters.Count), plans.Sum(plan => plan.Deep.Count)));
    }

    private static PollPlan Cheapest(
        IEnumerable<int> positions, long listLength, int maxRequests = 100, JobStatus status = JobStatus.Processing, int recentJobs = 0, bool isCrowded = false) =>
        PollPlan.Cheapest(positions.Select(position => (JobKey.Of($"{position + 1}"), Track(position, status, isCrowded), (long)position)), listLength, recentJobs, recentRequests: 0, 100, maxRequests);

    private static TrackedJob Track(int position, JobStatus status, bool isCrowded) =>
        new() { Job = new Job { TaskId = $"{position + 1}", Status = status }, RelativePosition = position, IsCrowded = isCrowded };
}
