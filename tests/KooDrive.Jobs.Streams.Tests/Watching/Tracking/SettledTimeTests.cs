using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class SettledTimeTests
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private SettledTime _time = SettledTime.None;

    [Fact]
    public void Next_settles_a_time_when_a_whole_poll_started_a_margin_after_its_observation()
    {
        Assert.Equal(At(940), Poll(newest: 1_000, at: 0));
        Assert.Equal(At(940), Poll(newest: 1_000, at: 59));
        Assert.Equal(At(940), Poll(newest: 1_000, at: 61));
        Assert.False(_time.IsFinal);
        Assert.Equal(At(1_000), Poll(newest: 1_000, at: 62));
        Assert.True(_time.IsFinal);
    }

    [Fact]
    public void Next_settles_times_a_margin_older_than_the_newest_time_of_the_server()
    {
        Poll(newest: 1_000, at: 0);
        Assert.Equal(At(1_940), Poll(newest: 2_000, at: 1));
    }

    [Fact]
    public void Next_never_returns_an_earlier_settled_time()
    {
        Poll(newest: 9_000, at: 0);
        Assert.Equal(At(8_940), Poll(newest: 1_000, at: 1));
    }

    [Fact]
    public void Next_settles_nothing_when_the_list_is_empty()
    {
        _time = _time.Next(long.MinValue, DateTimeOffset.UnixEpoch, Margin);
        Assert.Equal(long.MinValue, _time.Settled);
        Assert.True(_time.IsFinal);
    }

    private long Poll(int newest, int at) => (_time = _time.Next(At(newest), DateTimeOffset.UnixEpoch.AddSeconds(at), Margin)).Settled;

    private static long At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second).UtcTicks;
}
