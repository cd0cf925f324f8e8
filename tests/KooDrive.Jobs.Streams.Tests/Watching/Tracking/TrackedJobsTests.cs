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

    private static JobKey Key(int number) => JobKey.Of($"{number}");

    private static TrackedJob Track(int number, JobStatus status) =>
        new() { Job = new Job { TaskId = $"{number}", Status = status }, RelativePosition = number, WasObserved = true };
}
