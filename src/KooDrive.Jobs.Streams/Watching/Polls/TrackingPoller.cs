namespace KooDrive.Jobs.Streams;

/// <summary>The poller that reads the list.</summary>
internal sealed class TrackingPoller(JobPoller poller) : IJobPoller
{
    public Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken) => poller.PollAsync(poll, cancellationToken);

    public TrackerState Export() => poller.Tracker.Export();
}
