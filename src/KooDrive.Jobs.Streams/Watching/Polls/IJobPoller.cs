namespace KooDrive.Jobs.Streams;

/// <summary>What a watch needs of its poller: so that delivery and timing can be tested with scripted polls.</summary>
internal interface IJobPoller
{
    /// <summary>One poll. When it throws, nothing of it was taken over.</summary>
    public Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken);

    /// <summary>The state for a checkpoint, as of the last completed poll. Not while a poll runs.</summary>
    public TrackerState Export();
}
