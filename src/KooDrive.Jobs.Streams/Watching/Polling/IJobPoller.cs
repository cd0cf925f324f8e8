using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>What a watch needs of its poller: so that delivery and timing can be tested with scripted polls.</summary>
internal interface IJobPoller
{
    /// <summary>One poll. When it throws, nothing of it was taken over.</summary>
    /// <param name="poll">The poll's number, from 1, for the events.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="JobsException">A request failed, or the list moved in a way that a walk cannot follow.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken);

    /// <summary>The state for a checkpoint, as of the last completed poll. Not while a poll runs.</summary>
    /// <exception cref="InvalidOperationException">No poll has completed.</exception>
    public TrackerState Export();
}
