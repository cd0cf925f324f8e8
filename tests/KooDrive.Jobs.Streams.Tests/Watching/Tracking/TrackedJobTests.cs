using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class TrackedJobTests
{
    [Fact]
    public void Update_says_that_nothing_differs_when_nothing_does_and_keeps_the_very_job()
    {
        TrackedJob tracked = Track();
        Job before = tracked.Job;

        Assert.False(tracked.Update(before with { }, Found(before), growth: 10));
        Assert.False(tracked.Update(before with { }, found: null, growth: 10));
        Assert.Same(before, tracked.Job);
    }

    [Fact]
    public void Update_says_so_when_anything_differs()
    {
        Assert.True(Track().Update(Track().Job with { Status = JobStatus.Completed }, found: null, growth: 10));
        Assert.True(Track(tracked => tracked.Missed = 1).Update(Track().Job, found: null, growth: 10));
        Assert.True(Track(tracked => tracked.WasSeen = false).Update(Track().Job, found: null, growth: 10));
        Assert.True(Track().Update(Track().Job, Found(Track().Job), growth: 11));
        Assert.True(Track(tracked => tracked.Regressed = tracked.Job).Update(Track().Job, found: null, growth: 10));
    }

    private static FoundJob Found(Job job) => new(JobKey.Of(job), job, Place: 30);

    private static TrackedJob Track(Action<TrackedJob>? change = null)
    {
        var tracked = new TrackedJob { Job = new Job { TaskId = "3", Status = JobStatus.Processing }, Rank = 20, WasSeen = true };
        change?.Invoke(tracked);
        return tracked;
    }
}
