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

    [Fact]
    public void HoldRegression_keeps_the_published_state_until_it_is_confirmed()
    {
        Job regressed = Track().Job with { Status = JobStatus.Pending, TaskName = "name" };
        TrackedJob observed = Track(tracked => tracked.MissCount = 1), restored = Track(tracked => tracked.WasObserved = false);
        Job before = observed.Job;

        observed.HoldRegression(regressed, position: 31, growth: 10);
        restored.HoldRegression(regressed, position: null, growth: 10);

        Assert.Same(before, observed.Job);
        Assert.Equal((regressed, 21L, (byte)0, true), (observed.Regressed, observed.RelativePosition, observed.MissCount, observed.WasObserved));
        Assert.Equal(regressed with { Status = JobStatus.Processing }, restored.Job);
        Assert.Equal((regressed, 20L, true), (restored.Regressed, restored.RelativePosition, restored.WasObserved));
    }

    [Fact]
    public void CompareAge_orders_by_creation_time_and_then_by_position()
    {
        TrackedJob At(int? second, int position) => new()
        {
            Job = new Job { TaskId = "1", CreateTime = second is { } value ? DateTimeOffset.UnixEpoch.AddSeconds(value) : null },
            RelativePosition = position,
        };

        TrackedJob[] oldestFirst = [At(null, 9), At(null, 8), At(1, 5), At(1, 4), At(2, 7), At(2, 6)];

        Assert.Equal(oldestFirst, oldestFirst.Reverse().Order(Comparer<TrackedJob>.Create(TrackedJob.CompareAge)));
        Assert.Equal(0, TrackedJob.CompareAge(At(1, 1), At(1, 1)));
    }

    [Fact]
    public void Restore_returns_the_saved_state()
    {
        var saved = new SavedJob("1", JobStatus.Completed, JobResult.AllFailed, DateTimeOffset.UnixEpoch, Position: 7) { MissCount = 2 };

        var tracked = TrackedJob.Restore(saved);
        var regressed = TrackedJob.Restore(saved with { Regressed = new JobState(JobStatus.Processing, null) });
        var unconfirmed = TrackedJob.Restore(saved with { Regressed = new JobState(JobStatus.Completed, JobResult.AllFailed) });

        Assert.Equal(new Job { TaskId = "1", Status = JobStatus.Completed, Result = JobResult.AllFailed, CreateTime = DateTimeOffset.UnixEpoch }, tracked.Job);
        Assert.Equal((7L, (byte)2, false, null, false), (tracked.RelativePosition, tracked.MissCount, tracked.WasObserved, tracked.Regressed, tracked.IsUnconfirmed));
        Assert.Equal(tracked.Job with { Status = JobStatus.Processing, Result = null }, regressed.Regressed);
        Assert.False(regressed.IsUnconfirmed);
        Assert.True(unconfirmed.IsUnconfirmed);
    }

    [Theory]
    [InlineData(JobStatus.Completed, JobResult.AllFailed, JobStatus.Processing, null, true)]
    [InlineData(JobStatus.Processing, null, JobStatus.Pending, null, true)]
    [InlineData(JobStatus.Completed, JobResult.AllFailed, JobStatus.Completed, null, true)]
    [InlineData(JobStatus.Completed, null, JobStatus.Completed, JobResult.AllFailed, false)]
    [InlineData(JobStatus.Completed, null, JobStatus.Completed, null, false)]
    [InlineData(JobStatus.Pending, null, JobStatus.Processing, null, false)]
    [InlineData(JobStatus.Processing, JobResult.AllFailed, JobStatus.Completed, null, false)]
    public void IsRegression_is_true_for_an_earlier_status_and_for_a_lost_result(
        JobStatus before, JobResult? resultBefore, JobStatus now, JobResult? resultNow, bool expected) =>
        Assert.Equal(
            expected,
            JobState.IsRegression(new Job { TaskId = "1", Status = before, Result = resultBefore }, new Job { TaskId = "1", Status = now, Result = resultNow }));

    private static TrackedJob Track(Action<TrackedJob>? change = null)
    {
        var tracked = new TrackedJob { Job = new Job { TaskId = "3", Status = JobStatus.Processing }, RelativePosition = 20, WasObserved = true };
        change?.Invoke(tracked);
        return tracked;
    }
}
