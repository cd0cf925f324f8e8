namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class FrontierTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void IsSame_holds_for_what_is_the_same_in_everything_alone()
    {
        Frontier frontier = Of(3, "1", 1, Time);

        Assert.True(frontier.IsSame(Of(3, "1", 1, Time)));
        Assert.False(frontier.IsSame(Of(4, "1", 1, Time)));
        Assert.False(frontier.IsSame(Of(3, "2", 1, Time)));
        Assert.False(frontier.IsSame(Of(3, "1", 0, Time)));
        Assert.False(frontier.IsSame(Of(3, "1", 1, Time.AddSeconds(1))));
        Assert.False(frontier.IsSame(Of(3, "1", 1, null)));
    }

    private static Frontier Of(int size, string taskId, int settledFrom, DateTimeOffset? newestTime) =>
        Frontier.Of(size, [JobKey.Of(taskId)], settledFrom, newestTime);
}
