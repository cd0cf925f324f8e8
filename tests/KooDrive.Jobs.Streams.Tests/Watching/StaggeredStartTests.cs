namespace KooDrive.Jobs.Streams.Tests.Watching;

public class StaggeredStartTests
{
    private static readonly JobWatchOptions Staggered = new() { Jitter = 0, PollInterval = TimeSpan.FromSeconds(60), StaggerFirstPoll = true };

    [Fact]
    public async Task StaggerFirstPoll_delays_the_first_poll_only()
    {
        await using var test = new WatchUnderTest(Staggered, random: 0.5);
        List<string> received = test.Record(out IDisposable subscription);

        test.Advance(29.9);
        Assert.Empty(received);
        test.Advance(0.2);
        Assert.Equal(["synced", "polled"], received);
        test.Advance(60);
        Assert.Equal(["synced", "polled", "polled"], received);

        subscription.Dispose();
        test.Advance(1);
        List<string> resumed = test.Record();
        test.Advance(0.1);
        Assert.Equal(["synced", "polled"], resumed);
    }
}
