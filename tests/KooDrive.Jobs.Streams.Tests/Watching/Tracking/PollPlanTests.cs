namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class PollPlanTests
{
    [Fact]
    public void Cheapest_reads_the_head_alone_while_the_unfinished_jobs_stand_there_however_many()
    {
        PollPlan plan = PollPlan.Cheapest(Unfinished(Enumerable.Range(0, 87)), listLength: 20_000, pageLength: 100);

        Assert.Same(PollPlan.Head, plan);
    }

    [Fact]
    public void Cheapest_reads_everything_when_that_takes_no_more_pages_than_looking_here_and_there()
    {
        PollPlan plan = PollPlan.Cheapest(Unfinished([100, 150]), listLength: 190, pageLength: 100);

        Assert.True(plan.IsFullPass);
    }

    private static IEnumerable<(JobKey Key, JobStatus? Status, long Place)> Unfinished(IEnumerable<int> places) =>
        places.Select(place => (JobKey.Of($"{place + 1}"), (JobStatus?)JobStatus.Processing, (long)place));
}
