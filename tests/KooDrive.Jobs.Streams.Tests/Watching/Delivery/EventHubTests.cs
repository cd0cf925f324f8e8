using KooDrive.Jobs.Streams.Watching.Delivery;

using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class EventHubTests
{
    [Fact]
    public void Close_completes_when_the_last_running_call_returns()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var subscribers = Enumerable.Range(0, 2).Select(_ => new Subscriber(_ => true, _ => { })).ToList();
        subscribers.ForEach(subscriber => hub.Add(subscriber));
        hub.Broadcast(new WatchSynced());
        Assert.All(subscribers, subscriber => Assert.True(hub.TryBeginDrain(subscriber)));

        Task closing = hub.Close();
        hub.EndDrain();
        Assert.False(closing.IsCompleted);

        hub.EndDrain();
        Assert.True(closing.IsCompleted);
    }

    [Fact]
    public void Publish_does_not_schedule_a_subscriber_that_is_draining()
    {
        var hub = new EventHub(capacity: 10, () => { });
        int drains = 0;
        var subscriber = new Subscriber(_ => true, _ => drains++);
        hub.Add(subscriber);
        hub.Broadcast(new WatchSynced());
        Assert.True(hub.TryBeginDrain(subscriber));

        hub.Broadcast(new WatchSynced());
        Assert.False(hub.TryBeginDrain(subscriber));
        Assert.Equal(1, drains);

        Assert.NotNull(hub.Take(subscriber).Next);
        Assert.NotNull(hub.Take(subscriber).Next);
        Assert.Null(hub.Take(subscriber).Next);
        hub.EndDrain();
        hub.Broadcast(new WatchSynced());
        Assert.Equal(2, drains);
    }

    [Fact]
    public void Remove_discards_the_queued_events_of_a_subscriber()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var subscriber = new Subscriber(_ => true, _ => { });
        hub.Add(subscriber);
        hub.Broadcast(new WatchSynced());

        hub.Remove(subscriber);

        Assert.Equal((null, null), hub.Take(subscriber));
    }

    [Fact]
    public void Fail_delivers_the_end_after_the_queued_events()
    {
        var hub = new EventHub(capacity: 10, () => { });
        List<bool> drains = [];
        var subscriber = new Subscriber(_ => true, drains.Add);
        hub.Add(subscriber);
        hub.Broadcast(new WatchSynced());
        var exception = new JobsServerException("down");

        hub.Fail(exception);

        Assert.Equal([false], drains);
        Assert.True(hub.Take(subscriber) is ({ }, null));
        Assert.Same(exception, hub.Take(subscriber).End?.Exception);
    }

    [Fact]
    public void Add_delivers_the_snapshot_first_after_an_idle_time()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var first = new Subscriber(_ => true, _ => { });
        hub.Add(first);
        hub.Publish([new WatchSynced()], Completed(1), new RetainedJobs([], 1, DateTimeOffset.UnixEpoch));
        hub.Remove(first);
        Assert.True(hub.TryBecomeIdle());
        var second = new Subscriber(_ => true, _ => { });
        hub.Add(second);

        // A gap and a snapshot of the retained jobs.
        Job[] jobs = [Running("1"), Running("2")];
        hub.Publish(
            [new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "" }, new JobListed { Job = jobs[1] }, new WatchSynced()],
            Completed(2),
            new RetainedJobs(jobs, 2, DateTimeOffset.UnixEpoch.AddSeconds(5)));

        List<JobEvent> received = [];
        while (hub.Take(second).Next is { } next)
        {
            received.Add(next);
        }

        Assert.Equal(["listed 1", "listed 2", "synced", "polled"], received.Select(WatchUnderTest.Describe));
        Assert.All(received.SkipLast(1), next => Assert.Equal((2, DateTimeOffset.UnixEpoch.AddSeconds(5)), (next.Poll, next.ObservedAt)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Publish_reports_one_overflow_for_several_subscribers(bool isPoll)
    {
        int overflows = 0;
        var hub = new EventHub(capacity: 1, () => overflows++);
        foreach (int number in Enumerable.Range(0, 2))
        {
            hub.Add(new Subscriber(_ => true, _ => { }), isCurrent: true);
        }

        void Happen()
        {
            if (isPoll)
            {
                hub.Publish([], Completed(1), new RetainedJobs([], 1, default));
            }
            else
            {
                hub.Broadcast(new WatchSynced());
            }
        }

        // An event for an empty queue does not count, and one more may be queued.
        Happen();
        Happen();
        Assert.Equal(0, overflows);
        Happen();
        Assert.Equal(1, overflows);
        Happen();
        Assert.Equal(1, overflows);
    }

    [Fact]
    public void Publish_reports_an_overflow_caused_by_the_snapshot()
    {
        int overflows = 0;
        var hub = new EventHub(capacity: 1, () => overflows++);
        hub.Publish([new WatchSynced()], Completed(1), new RetainedJobs([], 1, default));
        Assert.True(hub.TryBecomeIdle());
        foreach (int number in Enumerable.Range(0, 2))
        {
            hub.Add(new Subscriber(_ => true, _ => { }));
        }

        hub.Broadcast(new PollFailed { Exception = new JobsServerException("down"), ConsecutiveFailureCount = 1, Delay = default });
        Assert.Equal(0, overflows);
        hub.Publish([], Completed(2), new RetainedJobs([], 2, default));

        Assert.Equal(1, overflows);
    }

    private static PollCompleted Completed(long poll) => new() { Poll = poll, RequestCount = 1, JobCount = 0, ChangeCount = 0, Duration = default };
}
