namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Whether a subscriber must be woken for news.</summary>
internal enum SubscriberTurn
{
    /// <summary>It waits.</summary>
    Waiting,

    /// <summary>It has been woken.</summary>
    Woken,

    /// <summary>It takes until nothing is left.</summary>
    Taking,
}
