using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class KnownJobsTests
{
    [Theory]
    [InlineData(JobStatus.Processing)]
    [InlineData(JobStatus.Completed)]
    public void Set_puts_a_job_in_place_of_what_was_known_of_it(JobStatus status)
    {
        var known = new KnownJobs(maxUnfinished: 10, retainedFinished: 10);
        TrackedJob before = Track(1, status), after = Track(1, status);

        known.Set(Key(1), before);
        known.Set(Key(1), after);

        Assert.Same(after, known.Find(Key(1)));
        Assert.Same(after.Job, Assert.Single(known.Snapshot()));
    }

    [Fact]
    public void Trim_evicts_the_oldest_and_remembers_what_they_were()
    {
        var known = new KnownJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 3))
        {
            known.Set(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(1, known.Trim());
        Assert.Equal([Key(1), Key(2)], known.Keys.Order(Comparer<JobKey>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()))));
        Assert.Equal([Key(3)], known.Evicted.Keys);
    }

    [Fact]
    public void Evict_remembers_a_bounded_number_of_jobs()
    {
        var known = new KnownJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 16_385))
        {
            known.Evict(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(16_384, known.Evicted.Count);
    }

    [Fact]
    public void A_finished_job_under_suspicion_is_sought_even_after_its_eviction()
    {
        var known = new KnownJobs(maxUnfinished: 2, retainedFinished: 1);
        TrackedJob first = Track(1, JobStatus.Completed);
        known.Set(Key(1), first);
        known.Suspect(Key(1), first);

        known.Set(Key(2), Track(2, JobStatus.Completed));

        Assert.Equal([Key(1)], known.Sought.Select(entry => entry.Key));
        Assert.Same(first, known.Find(Key(1)));
        Assert.Equal(["2"], known.Snapshot().Select(job => job.TaskId));
    }

    private static JobKey Key(int number) => JobKey.Of($"{number}");

    private static TrackedJob Track(int number, JobStatus status) =>
        new() { Job = new Job { TaskId = $"{number}", Status = status }, Rank = number, WasSeen = true };
}
