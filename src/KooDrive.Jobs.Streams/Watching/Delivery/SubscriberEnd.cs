namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>How a subscriber's events end.</summary>
/// <param name="Error">What ended the watch; null when it was disposed of.</param>
internal sealed record SubscriberEnd(Exception? Error);
