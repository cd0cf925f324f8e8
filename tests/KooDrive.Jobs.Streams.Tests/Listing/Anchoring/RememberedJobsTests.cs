namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

public sealed class RememberedJobsTests
{
    [Theory]
    [InlineData("9", "8", "7", "6", "5", "4", "3", "2", "1")]
    [InlineData("1", "2", "3", "4", "5", "6", "7", "8", "9")]
    [InlineData("4", "9", "2", "7", "5", "1", "8", "3", "6")]
    public void Beyond_twice_the_capacity_the_earliest_are_let_go(params string[] taskIds)
    {
        var remembered = new RememberedJobs(capacity: 4);
        remembered.Add(Jobs(taskIds[..8]), anchor: null, page: 1, index: 0);
        Assert.Equal((8, false), (remembered.Count, remembered.HasForgotten));

        remembered.Add(Jobs(taskIds[8..]), anchor: taskIds[7], page: 2, index: 1);

        Assert.Equal((4, true), (remembered.Count, remembered.HasForgotten));
        Assert.Equal(taskIds[5..], remembered.Furthest(10));
        Assert.Equal(taskIds[7..], remembered.Furthest(2));
        Assert.All(taskIds[..5], taskId => Assert.False(remembered.Contains(taskId)));
        Assert.All(taskIds[5..], taskId => Assert.True(remembered.Contains(taskId)));
        Assert.True(remembered.TryGetSighting(taskIds[8], out RememberedJobs.Sighting sighting));
        Assert.Equal(new RememberedJobs.Sighting(2, 1), sighting);
    }

    [Fact]
    public void HasRoomFor_counts_up_to_the_capacity()
    {
        var remembered = new RememberedJobs(capacity: 4);
        remembered.Add(Jobs("1"), anchor: null, page: 1, index: 0);

        Assert.True(remembered.HasRoomFor(3));
        Assert.False(remembered.HasRoomFor(4));
    }

    [Fact]
    public void What_comes_in_behind_an_anchor_stands_there()
    {
        var remembered = new RememberedJobs(capacity: 10);
        remembered.Add(Jobs("9", "5"), anchor: null, page: 1, index: 0);
        remembered.Add(Jobs("8", "7"), anchor: "9", page: 2, index: 1);

        Assert.Equal(["9", "8", "7", "5"], remembered.Furthest(10));
    }

    [Theory]
    [InlineData(100, 1, 1024)]
    [InlineData(100, 32, 6600)]
    [InlineData(2, 32, 1024)]
    public void A_walk_remembers_twice_what_pages_in_flight_can_bring_and_a_thousand_at_least(int pageSize, int pagesInFlight, int expected) =>
        Assert.Equal(expected, new AnchoredWalkOptions { PageSize = pageSize, PagesInFlight = pagesInFlight }.Remembered);

    private static Job[] Jobs(params string[] taskIds) => [.. taskIds.Select(taskId => new Job { TaskId = taskId })];
}
