using KooDrive.Jobs.Streams.Watching.Delivery;

using static KooDrive.Jobs.Streams.Tests.Watching.Polling.ScriptedPoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class EventHubTests
{
    [Fact]
    public void Closing_completes_when_the_last_of_those_being_called_has_returned()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var subscribers = Enumerable.Range(0, 2).Select(_ => new Subscriber(_ => true, _ => { })).ToList();
        subscribers.ForEach(subscriber => hub.Add(subscriber));
        hub.Tell(new WatchSynced());
        Assert.All(subscribers, subscriber => Assert.True(hub.TryEnter(subscriber)));

        var closing = hub.Close();
        hub.Leave();
        Assert.False(closing.IsCompleted);

        hub.Leave();
        Assert.True(closing.IsCompleted);
    }

    [Fact]
    public void One_who_takes_is_neither_woken_nor_entered_again()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var woken = 0;
        var subscriber = new Subscriber(_ => true, _ => woken++);
        hub.Add(subscriber);
        hub.Tell(new WatchSynced());
        Assert.True(hub.TryEnter(subscriber));

        hub.Tell(new WatchSynced());
        Assert.False(hub.TryEnter(subscriber));
        Assert.Equal(1, woken);

        Assert.NotNull(hub.Take(subscriber).Next);
        Assert.NotNull(hub.Take(subscriber).Next);
        Assert.Null(hub.Take(subscriber).Next);
        hub.Leave();
        hub.Tell(new WatchSynced());
        Assert.Equal(2, woken);
    }

    [Fact]
    public void One_who_has_left_gets_nothing_not_even_what_waited_for_it()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var subscriber = new Subscriber(_ => true, _ => { });
        hub.Add(subscriber);
        hub.Tell(new WatchSynced());

        hub.Remove(subscriber);

        Assert.Equal((null, null), hub.Take(subscriber));
    }

    [Fact]
    public void The_end_comes_after_what_waits_and_wakes_nobody_twice()
    {
        var hub = new EventHub(capacity: 10, () => { });
        List<bool> woken = [];
        var subscriber = new Subscriber(_ => true, woken.Add);
        hub.Add(subscriber);
        hub.Tell(new WatchSynced());
        var error = new JobsServerException("down");

        hub.Fail(error);

        Assert.Equal([false], woken);
        Assert.True(hub.Take(subscriber) is ({ }, null));
        Assert.Same(error, hub.Take(subscriber).End?.Error);
    }

    [Fact]
    public void The_present_state_comes_first_for_who_subscribes_while_nobody_does_whatever_the_next_poll_tells()
    {
        var hub = new EventHub(capacity: 10, () => { });
        var first = new Subscriber(_ => true, _ => { });
        hub.Add(first);
        hub.Publish([new WatchSynced()], Completed(1), new RetainedJobs([], 1, DateTimeOffset.UnixEpoch));
        hub.Remove(first);
        Assert.True(hub.TryRest());
        var second = new Subscriber(_ => true, _ => { });
        hub.Add(second);

        // A gap and a picture of what it may have missed, which is not everything.
        Job[] jobs = [Running("1"), Running("2")];
        hub.Publish(
            [new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "" }, new JobListed { Job = jobs[1] }, new WatchSynced()],
            Completed(2),
            new RetainedJobs(jobs, 2, DateTimeOffset.UnixEpoch.AddSeconds(5)));

        List<JobEvent> told = [];
        while (hub.Take(second).Next is { } next)
        {
            told.Add(next);
        }

        Assert.Equal(["listed 1", "listed 2", "synced", "polled"], told.Select(WatchUnderTest.Tell));
        Assert.All(told.SkipLast(1), next => Assert.Equal((2, DateTimeOffset.UnixEpoch.AddSeconds(5)), (next.Poll, next.ObservedAt)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void However_many_overflow_together_it_is_said_once(bool isPoll)
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
                hub.Tell(new WatchSynced());
            }
        }

        // The first that finds a queue empty does not count, and one more may wait behind it.
        Happen();
        Happen();
        Assert.Equal(0, overflows);
        Happen();
        Assert.Equal(1, overflows);
        Happen();
        Assert.Equal(1, overflows);
    }

    [Fact]
    public void Those_who_overflow_with_the_picture_that_they_were_waiting_for_are_told_of_too()
    {
        int overflows = 0;
        var hub = new EventHub(capacity: 1, () => overflows++);
        hub.Publish([new WatchSynced()], Completed(1), new RetainedJobs([], 1, default));
        Assert.True(hub.TryRest());
        foreach (int number in Enumerable.Range(0, 2))
        {
            hub.Add(new Subscriber(_ => true, _ => { }));
        }

        hub.Tell(new PollFailed { Error = new JobsServerException("down"), Attempt = 1, Delay = default });
        Assert.Equal(0, overflows);
        hub.Publish([], Completed(2), new RetainedJobs([], 2, default));

        Assert.Equal(1, overflows);
    }

    private static PollCompleted Completed(long poll) => new() { Poll = poll, Requests = 1, Jobs = 0, Changes = 0, Duration = default };
}
