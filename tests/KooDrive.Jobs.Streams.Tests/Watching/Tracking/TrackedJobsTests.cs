using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class TrackedJobsTests
{
    [Theory]
    [InlineData(JobStatus.Processing)]
    [InlineData(JobStatus.Completed)]
    public void Set_replaces_the_job_that_was_tracked_under_the_key(JobStatus status)
    {
        var jobs = new TrackedJobs(maxUnfinished: 10, retainedFinished: 10);
        TrackedJob before = Track(1, status), after = Track(1, status);

        jobs.Set(Key(1), before);
        jobs.Set(Key(1), after);

        Assert.Same(after, jobs.Find(Key(1)));
        Assert.Same(after.Job, Assert.Single(jobs.Snapshot()));
    }

    [Fact]
    public void Trim_evicts_the_oldest_jobs_and_keeps_their_last_states()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 3))
        {
            jobs.Set(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(1, jobs.Trim());
        Assert.Equal(0, jobs.Trim());
        jobs.Remove(Key(1));
        Assert.Equal(0, jobs.Trim());
        jobs.Set(Key(1), Track(1, JobStatus.Processing));
        Assert.Equal([Key(1), Key(2)], jobs.Keys.Order(Comparer<JobKey>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()))));
        Assert.Equal([Key(3)], jobs.Evicted.Keys);
    }

    [Fact]
    public void Evict_keeps_a_bounded_number_of_jobs()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 16_385))
        {
            jobs.Evict(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(16_384, jobs.Evicted.Count);
    }

    [Fact]
    public void ToObserve_and_Keys_contain_a_suspect_once_after_it_left_the_retained_jobs()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 1);
        TrackedJob first = Track(1, JobStatus.Completed);
        jobs.Set(Key(1), first);
        jobs.AddSuspect(Key(1), first);
        Assert.Equal([Key(1)], jobs.Keys);

        jobs.Set(Key(2), Track(2, JobStatus.Completed));

        Assert.Equal([Key(1), Key(2)], jobs.Keys.OrderBy(key => key.ToString()));
        Assert.Equal([Key(1)], jobs.ToObserve.Select(entry => entry.Key));
        Assert.Same(first, jobs.Find(Key(1)));
        Assert.Equal(["2"], jobs.Snapshot().Select(job => job.TaskId));
    }

    [Theory]
    [InlineData(JobStatus.Processing)]
    [InlineData(JobStatus.Completed)]
    public void Remove_removes_the_job_from_every_view(JobStatus status)
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob first = Track(1, status);
        jobs.Set(Key(1), first);
        jobs.AddSuspect(Key(1), first);

        jobs.Remove(Key(1));

        Assert.Null(jobs.Find(Key(1)));
        Assert.Empty(jobs.Snapshot());
        Assert.Empty(jobs.Keys);
        Assert.Empty(jobs.ToObserve);
        Assert.False(jobs.HasSuspects);
    }

    [Fact]
    public void Set_moves_a_job_between_the_unfinished_and_the_finished_jobs()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob job = Track(1, JobStatus.Processing);
        jobs.Set(Key(1), job);
        job.Job = job.Job with { Status = JobStatus.Completed };
        jobs.Set(Key(1), job);
        Assert.Empty(jobs.Unfinished);
        Assert.Same(job, Assert.Single(jobs.Finished));

        job.Job = job.Job with { Status = JobStatus.Processing };
        jobs.Set(Key(1), job);

        Assert.Empty(jobs.Finished);
        Assert.Equal([Key(1)], jobs.Unfinished.Keys);
        Assert.Single(jobs.Snapshot());
    }

    [Fact]
    public void Set_makes_the_job_neither_evicted_nor_suspect()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob job = Track(1, JobStatus.Processing);
        jobs.Evict(Key(1), job);
        jobs.AddSuspect(Key(1), job);
        Assert.Equal(1, jobs.CountToObserve);

        jobs.Set(Key(1), job);

        Assert.Empty(jobs.Evicted);
        Assert.False(jobs.HasSuspects);
        Assert.Equal(1, jobs.CountToObserve);
    }

    [Fact]
    public void AddSuspect_adds_nothing_when_there_is_no_room()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        jobs.Set(Key(1), Track(1, JobStatus.Processing));
        jobs.AddSuspect(Key(1), Track(1, JobStatus.Processing));
        Assert.False(jobs.HasSuspects);

        jobs.AddSuspect(Key(2), Track(2, JobStatus.Completed));
        jobs.AddSuspect(Key(3), Track(3, JobStatus.Completed));

        Assert.Equal([Key(1), Key(2)], jobs.ToObserve.Select(entry => entry.Key));
        Assert.False(jobs.HasRoom);
    }

    [Fact]
    public void IsSuspect_is_true_for_a_suspect_with_a_regression()
    {
        var jobs = new TrackedJobs(maxUnfinished: 2, retainedFinished: 2);
        TrackedJob first = Track(1, JobStatus.Completed), second = Track(2, JobStatus.Completed);
        jobs.AddSuspect(Key(1), first);
        Assert.False(jobs.IsSuspect(first));

        first.Regressed = second.Regressed = first.Job;

        Assert.True(jobs.IsSuspect(first));
        Assert.False(jobs.IsSuspect(second));
    }

    private static JobKey Key(int number) => JobKey.Of($"{number}");

    private static TrackedJob Track(int number, JobStatus status) =>
        new() { Job = new Job { TaskId = $"{number}", Status = status }, RelativePosition = number, WasObserved = true };
}
