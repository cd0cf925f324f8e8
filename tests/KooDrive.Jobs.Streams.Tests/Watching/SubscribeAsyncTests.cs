using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class SubscribeAsyncTests
{
    [Fact]
    public async Task W2_The_handler_is_called_for_changes_alone_in_order_and_one_at_a_time()
    {
        await using var test = new WatchUnderTest(jobs: [Running("a"), Running("b")]);
        var first = new TaskCompletionSource();
        List<string> begun = [];
        Task subscription = test.Watch.SubscribeAsync(
            async (change, _) =>
            {
                begun.Add(WatchUnderTest.Tell(change));
                await first.Task;
            },
            TestContext.Current.CancellationToken);
        test.Advance(1);
        test.Poller.Set([Done("a"), Done("b")]);
        test.Advance(10);
        Assert.Equal(["changed a Completed"], begun);

        first.SetResult();
        await test.Watch.DisposeAsync();
        await subscription;

        Assert.Equal(["changed a Completed", "changed b Completed"], begun);
    }

    [Fact]
    public async Task W11_A_handler_that_disposes_of_the_watch_and_awaits_it_is_not_called_again()
    {
        await using var test = new WatchUnderTest(jobs: [Running("a"), Running("b")]);
        int called = 0;
        Task subscription = test.Watch.SubscribeAsync(
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
    public async Task What_the_handler_throws_ends_the_subscription_and_the_task()
    {
        await using var test = new WatchUnderTest(jobs: [Running("a")]);
        Task subscription = test.Watch.SubscribeAsync((_, _) => throw new NotSupportedException("no"), TestContext.Current.CancellationToken);
        test.Advance(1);
        test.Poller.Set([Done("a")]);
        test.Advance(10);

        await Assert.ThrowsAsync<NotSupportedException>(() => subscription);
    }
}
