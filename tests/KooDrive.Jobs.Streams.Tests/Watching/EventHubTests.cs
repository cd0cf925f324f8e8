namespace KooDrive.Jobs.Streams.Tests.Watching;

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
}
