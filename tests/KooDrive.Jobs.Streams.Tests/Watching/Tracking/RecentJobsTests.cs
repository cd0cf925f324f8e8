using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class RecentJobsTests
{
    private static readonly (JobKey Key, long? Time)[] Jobs = [(JobKey.Of("3"), 30), (JobKey.Of("2"), 20), (JobKey.Of("1"), 10)];

    private static (JobKey Key, long? Time) Job(int number) => (JobKey.Of($"{number}"), null);

    [Fact]
    public void IsSame_compares_every_value()
    {
        var recent = RecentJobs.ByTime(floor: 5, depth: 15, disorder: 2, Jobs, []);

        Assert.True(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 15, disorder: 2, Jobs, [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 6, depth: 15, disorder: 2, Jobs, [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 16, disorder: 2, Jobs, [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 15, disorder: 3, Jobs, [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 25, disorder: 2, Jobs, [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 15, disorder: 2, Jobs[..2], [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 15, disorder: 2, [.. Jobs[..2], (JobKey.Of("4"), 10)], [])));
        Assert.False(recent.IsSame(RecentJobs.ByTime(floor: 5, depth: 15, disorder: 2, [.. Jobs[..2], (JobKey.Of("1"), 11)], [])));
        Assert.False(RecentJobs.ByPosition(isWhole: true, Jobs, []).IsSame(RecentJobs.ByPosition(isWhole: false, Jobs, [])));
        Assert.True(RecentJobs.ByPosition(isWhole: true, Jobs, []).IsSame(RecentJobs.ByPosition(isWhole: true, [], Jobs)));
    }

    [Fact]
    public void ByPosition_remembers_a_bounded_number_of_jobs() =>
        Assert.Equal(
            RecentJobs.MaxCount,
            RecentJobs.ByPosition(isWhole: true, Enumerable.Range(0, RecentJobs.MaxCount - 5).Select(Job), Enumerable.Range(RecentJobs.MaxCount, 10).Select(Job)).Count);

    [Fact]
    public void ByTime_remembers_the_jobs_above_the_floor_and_counts_those_above_the_depth()
    {
        var recent = RecentJobs.ByTime(floor: 10, depth: 20, disorder: 0, Jobs[..1], Jobs[1..]);

        Assert.Equal([(JobKey.Of("3"), 30), (JobKey.Of("2"), 20L)], recent.Jobs);
        Assert.Equal((2, 1), (recent.Count, recent.CountNewerThanDepth));
        Assert.Equal((false, true), (recent.IsNewerThanFloor(10), recent.IsNewerThanFloor(11)));
        Assert.False(recent.IsNewerThanFloor(null));
        Assert.False(RecentJobs.ByPosition(isWhole: true, Jobs, []).IsNewerThanFloor(40));
    }
}
