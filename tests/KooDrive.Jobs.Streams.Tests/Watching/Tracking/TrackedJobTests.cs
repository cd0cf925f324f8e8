using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class TrackedJobTests
{
    [Fact]
    public void Update_returns_false_and_keeps_the_instance_when_nothing_differs()
    {
        TrackedJob tracked = Track();
        Job before = tracked.Job;

        Assert.False(tracked.Update(before with { }, position: 30, growth: 10));
        Assert.False(tracked.Update(before with { }, position: null, growth: 10));
        Assert.Same(before, tracked.Job);
    }

    [Fact]
    public void Update_returns_true_when_anything_differs()
    {
        Assert.True(Track().Update(Track().Job with { Status = JobStatus.Completed }, position: null, growth: 10));
        Assert.True(Track(tracked => tracked.MissCount = 1).Update(Track().Job, position: null, growth: 10));
        Assert.True(Track(tracked => tracked.WasObserved = false).Update(Track().Job, position: null, growth: 10));
        Assert.True(Track().Update(Track().Job, position: 30, growth: 11));
        Assert.True(Track(tracked => tracked.Regressed = tracked.Job).Update(Track().Job, position: null, growth: 10));
    }

    private static TrackedJob Track(Action<TrackedJob>? change = null)
    {
        var tracked = new TrackedJob { Job = new Job { TaskId = "3", Status = JobStatus.Processing }, RelativePosition = 20, WasObserved = true };
        change?.Invoke(tracked);
        return tracked;
    }
}
