using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Events;

public class UnfinishedJobsTests
{
    [Fact]
    public void Apply_adds_unfinished_jobs_and_removes_finished_and_vanished_jobs()
    {
        var unfinished = new UnfinishedJobs();
        foreach (JobEvent next in new JobEvent[]
        {
            new JobListed { Job = Running("1") },
            new JobListed { Job = Done("2") },
            new WatchSynced(),
            new JobAdded { Job = Running("3") },
            new JobAdded { Job = Running("4") },
            new JobChanged { Job = Running("2"), Previous = Done("2") },
            new JobChanged { Job = Done("3"), Previous = Running("3") },
            new JobVanished { Job = Running("4"), Previous = Running("4") },
        })
        {
            unfinished.Apply(next);
        }

        Assert.Equal([Running("1"), Running("2")], unfinished.All);
        Assert.Equal(2, unfinished.Count);
    }

    [Fact]
    public void Apply_rejects_null() => Assert.Throws<ArgumentNullException>("next", () => new UnfinishedJobs().Apply(null!));

    [Fact]
    public void Apply_clears_the_jobs_when_a_slow_subscriber_receives_a_gap()
    {
        var unfinished = new UnfinishedJobs();
        unfinished.Apply(new JobListed { Job = Running("1") });

        unfinished.Apply(new WatchGap { Reason = WatchGapReason.TooManyUnfinished, Message = "" });
        Assert.Equal(1, unfinished.Count);

        unfinished.Apply(new WatchGap { Reason = WatchGapReason.SlowSubscriber, Message = "" });
        Assert.Equal(0, unfinished.Count);
    }
}
