using KooDrive.Jobs.Streams.Cli.Commands;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class ListFilterTests
{
    private static readonly Job Newest = new() { TaskId = "2", CreateTime = DateTimeOffset.MaxValue };
    private static readonly Job Oldest = new() { TaskId = "1", CreateTime = DateTimeOffset.MinValue };

    [Fact]
    public void Take_accepts_the_earliest_and_the_latest_times()
    {
        var all = new ListFilter(failed: false, result: null, since: DateTimeOffset.MinValue, max: null);
        var none = new ListFilter(failed: false, result: null, since: DateTimeOffset.MaxValue, max: null);

        Assert.Equal([Newest, Oldest], all.Take([Newest, Oldest]));
        Assert.False(all.IsDone);
        Assert.Equal([Newest], none.Take([Newest, Oldest]));
        Assert.True(none.IsDone);
    }

    [Fact]
    public void IsDone_is_false_while_the_list_is_not_sorted()
    {
        var filter = new ListFilter(failed: false, result: null, since: DateTimeOffset.UnixEpoch, max: null);

        Assert.Equal([Newest], filter.Take([Oldest, Newest]));
        Assert.False(filter.IsDone);
    }
}
