using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class ProcessChangesAsyncTests
{
    [Fact]
    public async Task ProcessChangesAsync_delivers_changes_in_order_and_one_at_a_time()
    {
        await using var test = new WatchUnderTest(jobs: [Running("a"), Running("b")]);
        var first = new TaskCompletionSource();
        List<string> started = [];
        Task subscription = test.Watch.ProcessChangesAsync(
            async (change, _) =>
            {
                started.Add(WatchUnderTest.Describe(change));
                await first.Task;
            },
            TestContext.Current.CancellationToken);
        test.Advance(1);
        test.Poller.Set([Done("a"), Done("b")]);
        test.Advance(10);
        Assert.Equal(["changed a Completed"], started);

        first.SetResult();
        await test.Watch.DisposeAsync();
        await subscription;

        Assert.Equal(["changed a Completed", "changed b Completed"], started);
    }

    [Fact]
    public async Task ProcessChangesAsync_ends_when_its_handler_disposes_the_watch()
    {
        await using var test = new WatchUnderTest(jobs: [Running("a"), Running("b")]);
        int called = 0;
        Task subscription = test.Watch.ProcessChangesAsync(
            async (_, _) =>
            {
                called++;
                await test.Watch.DisposeAsync();
            },
            TestContext.Current.CancellationToken);
        test.Advance(1);
        test.Poller.Set([Done("a"), Done("b")]);
        test.Advance(10);
        await subscription;

        Assert.Equal(1, called);
    }

    [Fact]
    public async Task ProcessChangesAsync_throws_the_exception_of_its_handler()
    {
        await using var test = new WatchUnderTest(jobs: [Running("a")]);
        Task subscription = test.Watch.ProcessChangesAsync((_, _) => throw new NotSupportedException("no"), TestContext.Current.CancellationToken);
        test.Advance(1);
        test.Poller.Set([Done("a")]);
        test.Advance(10);

        await Assert.ThrowsAsync<NotSupportedException>(() => subscription);
    }
}
