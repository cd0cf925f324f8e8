using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class TrackedJobsTests
{
    [Theory]
    [InlineData(JobStatus.Processing)]
    [InlineData(JobStatus.Completed)]
    public void Set_replaces_the_job_that_was_tracked_under_the_key(JobStatus status)
    {
        var known = new TrackedJobs(maxUnfinished: 10, retainedFinished: 10);
        TrackedJob before = Track(1, status), after = Track(1, status);

        known.Set(Key(1), before);
        known.Set(Key(1), after);

        Assert.Same(after, known.Find(Key(1)));
        Assert.Same(after.Job, Assert.Single(known.Snapshot()));
    }

    [Fact]
    public void Trim_evicts_the_oldest_jobs_and_keeps_their_last_states()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 3))
        {
            known.Set(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(1, known.Trim());
        Assert.Equal(0, known.Trim());
        known.Remove(Key(1));
        Assert.Equal(0, known.Trim());
        known.Set(Key(1), Track(1, JobStatus.Processing));
        Assert.Equal([Key(1), Key(2)], known.Keys.Order(Comparer<JobKey>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()))));
        Assert.Equal([Key(3)], known.Evicted.Keys);
    }

    [Fact]
    public void Evict_keeps_a_bounded_number_of_jobs()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 16_385))
        {
            known.Evict(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(16_384, known.Evicted.Count);
    }

    [Fact]
    public void ToObserve_contains_a_suspect_after_it_left_the_retained_jobs()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 1);
        TrackedJob first = Track(1, JobStatus.Completed);
        known.Set(Key(1), first);
        known.AddSuspect(Key(1), first);

        known.Set(Key(2), Track(2, JobStatus.Completed));

        Assert.Equal([Key(1)], known.ToObserve.Select(entry => entry.Key));
        Assert.Same(first, known.Find(Key(1)));
        Assert.Equal(["2"], known.Snapshot().Select(job => job.TaskId));
    }

    [Fact]
    public void Keys_contains_a_suspect_once_before_and_after_it_left_the_retained_jobs()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 1);
        TrackedJob first = Track(1, JobStatus.Completed);
        known.Set(Key(1), first);
        known.AddSuspect(Key(1), first);
        Assert.Equal([Key(1)], known.Keys);

        known.Set(Key(2), Track(2, JobStatus.Completed));

        Assert.Equal([Key(1), Key(2)], known.Keys.OrderBy(key => key.ToString()));
    }

    [Theory]
    [InlineData(JobStatus.Processing)]
    [InlineData(JobStatus.Completed)]
    public void Remove_removes_the_job_from_every_view(JobStatus status)
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob first = Track(1, status);
        known.Set(Key(1), first);
        known.AddSuspect(Key(1), first);

        known.Remove(Key(1));

        Assert.Null(known.Find(Key(1)));
        Assert.Empty(known.Snapshot());
        Assert.Empty(known.Keys);
        Assert.Empty(known.ToObserve);
        Assert.False(known.HasSuspects);
    }

    [Fact]
    public void Set_moves_a_job_between_the_unfinished_and_the_finished_jobs()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob job = Track(1, JobStatus.Processing);
        known.Set(Key(1), job);
        job.Job = job.Job with { Status = JobStatus.Completed };
        known.Set(Key(1), job);
        Assert.Empty(known.Unfinished);
        Assert.Same(job, Assert.Single(known.Finished));

        job.Job = job.Job with { Status = JobStatus.Processing };
        known.Set(Key(1), job);

        Assert.Empty(known.Finished);
        Assert.Equal([Key(1)], known.Unfinished.Keys);
        Assert.Single(known.Snapshot());
    }

    [Fact]
    public void Set_forgets_that_the_job_was_evicted_or_a_suspect()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob job = Track(1, JobStatus.Processing);
        known.Evict(Key(1), job);
        known.AddSuspect(Key(1), job);
        Assert.Equal(1, known.CountToObserve);

        known.Set(Key(1), job);

        Assert.Empty(known.Evicted);
        Assert.False(known.HasSuspects);
        Assert.Equal(1, known.CountToObserve);
    }

    [Fact]
    public void AddSuspect_adds_nothing_when_there_is_no_room()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        known.Set(Key(1), Track(1, JobStatus.Processing));
        known.AddSuspect(Key(1), Track(1, JobStatus.Processing));
        Assert.False(known.HasSuspects);

        known.AddSuspect(Key(2), Track(2, JobStatus.Completed));
        known.AddSuspect(Key(3), Track(3, JobStatus.Completed));

        Assert.Equal([Key(1), Key(2)], known.ToObserve.Select(entry => entry.Key));
        Assert.False(known.HasRoom);
    }

    [Fact]
    public void IsSuspect_is_true_for_a_suspect_with_a_regression()
    {
        var known = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob first = Track(1, JobStatus.Completed), second = Track(2, JobStatus.Completed);
        known.AddSuspect(Key(1), first);
        Assert.False(known.IsSuspect(first));

        first.Regressed = second.Regressed = first.Job;

        Assert.True(known.IsSuspect(first));
        Assert.False(known.IsSuspect(second));
    }

    private static JobKey Key(int number) => JobKey.Of($"{number}");

    private static TrackedJob Track(int number, JobStatus status) =>
        new() { Job = new Job { TaskId = $"{number}", Status = status }, RelativePosition = number, WasObserved = true };
}
