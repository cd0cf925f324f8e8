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
    public void Trim_lets_the_oldest_go_and_knows_that_it_did()
    {
        var known = new KnownJobs(maxUnfinished: 2, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, 3))
        {
            known.Set(Key(number), Track(number, JobStatus.Processing));
        }

        Assert.Equal(1, known.Trim());
        Assert.Equal([Key(1), Key(2)], known.Keys.Order(Comparer<JobKey>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()))));
        Assert.Equal([false, false, true], Enumerable.Range(1, 3).Select(number => known.WasLetGo(Key(number))));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Only_the_last_256_that_were_let_go_are_known_to_have_been(int count, bool isFirstKnown)
    {
        var known = new KnownJobs(maxUnfinished: 1, retainedFinished: 0);
        foreach (int number in Enumerable.Range(1, count))
        {
            known.Set(Key(number), Track(number, JobStatus.Completed));
        }

        Assert.Equal(isFirstKnown, known.WasLetGo(Key(1)));
        Assert.All(Enumerable.Range(2, count - 1), number => Assert.True(known.WasLetGo(Key(number))));
    }

    private static JobKey Key(int number) => JobKey.Of($"{number}");

    private static TrackedJob Track(int number, JobStatus status) =>
        new() { Job = new Job { TaskId = $"{number}", Status = status }, Rank = number, WasSeen = true };
}
